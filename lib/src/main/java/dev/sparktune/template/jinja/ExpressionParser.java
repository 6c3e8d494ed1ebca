package dev.sparktune.template.jinja;

import dev.sparktune.template.jinja.Expression.Call;
import dev.sparktune.template.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens to the tree of an expression, by Jinja's precedence of operators. What it does not know is a syntax error. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    /** Filters and tests that say what to do where there is no such variable. */
    private static final Set<String> ASK_WHETHER_DEFINED = Set.of("default", "d", "defined", "undefined");

    private static final Expression NONE = new Expression.Literal(null);

    private final TokenStream tokens;
    private final Names names;
    private final Map<String, Builtin> filters;
    private final IdentityHashMap<Expression, Integer> heights = new IdentityHashMap<>();
    private final IdentityHashMap<Expression, Boolean> constants = new IdentityHashMap<>();

    ExpressionParser(TokenStream tokens, Names names, Map<String, Builtin> filters) {
        this.tokens = tokens;
        this.names = names;
        this.filters = filters;
    }

    /** One expression, or a tuple of those between commas. */
    Expression tuple(boolean conditional, String... ends) {
        return tuple(conditional, false, ends);
    }

    private Expression tuple(boolean conditional, boolean inParentheses, String... ends) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while ((items.isEmpty() || comma) && !endsTuple(ends)) {
            items.add(conditional ? expression() : or());
            comma = tokens.skip(",");
        }
        if (!comma && items.size() == 1) {
            return items.get(0);
        }
        if (items.isEmpty() && !inParentheses) {
            throw tokens.error(
                    "an expression is needed, but there is " + tokens.current().describe());
        }
        return node(new Expression.TupleOf(List.copyOf(items)), items);
    }

    private boolean endsTuple(String... ends) {
        Token token = tokens.current();
        return token.kind() == Kind.VARIABLE_END
                || token.kind() == Kind.BLOCK_END
                || token.isOperator(")")
                || (token.kind() == Kind.NAME && List.of(ends).contains(token.text()));
    }

    Expression expression() {
        tokens.enter();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else")
                    ? expression()
                    : new Expression.Literal(new Undefined("the inline if was false and has no else"));
            value = node(new Expression.Conditional(condition, value, otherwise), List.of(condition, value, otherwise));
        }
        tokens.leave();
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            Expression right = and();
            left = node(new Expression.Or(left, right), List.of(left, right));
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            Expression right = not();
            left = node(new Expression.And(left, right), List.of(left, right));
        }
        return left;
    }

    private Expression not() {
        if (!tokens.current().isName("not")) {
            return compare();
        }
        tokens.enter();
        tokens.next();
        Expression value = not();
        tokens.leave();
        return node(new Expression.Not(value), List.of(value));
    }

    private Expression compare() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            operands.add(sum());
        }
        if (operators.isEmpty()) {
            return first;
        }
        Expression compare = new Expression.Compare(first, List.copyOf(operators), List.copyOf(operands));
        operands.add(first);
        return node(compare, operands);
    }

    private Expression sum() {
        Expression left = concat();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = binary(tokens.next().text(), left, concat());
        }
        return left;
    }

    private Expression concat() {
        List<Expression> parts = new ArrayList<>();
        parts.add(product());
        while (tokens.skip("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.get(0) : node(new Expression.Concat(List.copyOf(parts)), parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().isOperator("*")
                || tokens.current().isOperator("/")
                || tokens.current().isOperator("//")
                || tokens.current().isOperator("%")) {
            left = binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.current().isOperator("**")) {
            tokens.next();
            Expression right = unary(true);
            Expression base = isConstant(left) && !isConstant(right) ? new Expression.ConstantBase(left) : left;
            left = binary("**", base, right);
        }
        return left;
    }

    private Expression binary(String operator, Expression left, Expression right) {
        return node(new Expression.Binary(operator, left, right), List.of(left, right));
    }

    private Expression unary(boolean filters) {
        tokens.enter();
        Expression value;
        if (tokens.skip("-")) {
            Expression negated = unary(false);
            value = node(new Expression.Negate(negated), List.of(negated));
        } else if (tokens.skip("+")) {
            Expression plus = unary(false);
            value = node(new Expression.Plus(plus), List.of(plus));
        } else {
            value = primary();
        }
        value = postfix(value);
        value = filters ? filters(value) : value;
        tokens.leave();
        return value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> named(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(real(token));
            default -> {
                if (token.isOperator("(")) {
                    Expression inner = tuple(true, true);
                    tokens.expect(")");
                    yield inner;
                } else if (token.isOperator("[")) {
                    List<Expression> items = list("]");
                    yield node(new Expression.ListOf(items), items);
                } else if (token.isOperator("{")) {
                    yield dict();
                }
                throw new SyntaxException(token.line(), "unexpected " + token.describe());
            }
        };
    }

    private Expression named(Token token) {
        String name = token.text();
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> NONE;
            default -> {
                names.read(name, token.line());
                yield new Expression.Name(name, new Undefined("'" + name + "' is undefined"));
            }
        };
    }

    private static Object integer(Token token) {
        return Whole.of(new BigInteger(token.text()));
    }

    private static Object real(Token token) {
        double value = Double.parseDouble(token.text());
        if (Double.isInfinite(value)) {
            throw new SyntaxException(token.line(), "the number " + token.text() + " is too large for a float");
        }
        return value;
    }

    /** Expressions between commas up to the closing bracket; a last comma is allowed. */
    private List<Expression> list(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skip(close)) {
            if (!items.isEmpty()) {
                tokens.expect(",");
                if (tokens.skip(close)) {
                    break;
                }
            }
            items.add(expression());
        }
        return List.copyOf(items);
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skip("}")) {
            if (!keys.isEmpty()) {
                tokens.expect(",");
                if (tokens.skip("}")) {
                    break;
                }
            }
            Expression key = expression();
            if (key instanceof Expression.ListOf || key instanceof Expression.DictOf) {
                throw tokens.error("a list or dict cannot be a key"); // Jinja says so even where it is never reached
            }
            keys.add(key);
            tokens.expect(":");
            values.add(expression());
        }
        List<Expression> all = new ArrayList<>(keys);
        all.addAll(values);
        return node(new Expression.DictOf(List.copyOf(keys), List.copyOf(values)), all);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skip(".")) {
                value = attribute(value);
            } else if (tokens.skip("[")) {
                value = subscript(value);
            } else if (tokens.current().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression target) {
        if (tokens.current().kind() == Kind.INTEGER) {
            Expression key = new Expression.Literal(integer(tokens.next()));
            return node(new Expression.Item(target, key), List.of(target));
        }
        return node(new Expression.Attribute(target, tokens.name("a name or number")), List.of(target));
    }

    private Expression subscript(Expression target) {
        List<Expression> keys = new ArrayList<>();
        while (!tokens.current().isOperator("]")) {
            if (!keys.isEmpty()) {
                tokens.expect(",");
                if (tokens.current().isOperator("]")) {
                    throw tokens.error("a comma at the end of an index is not supported");
                }
            }
            Expression start = tokens.current().isOperator(":") ? NONE : expression();
            if (tokens.current().isOperator(":")) {
                Expression slice = slice(target, start);
                if (!keys.isEmpty() || tokens.current().isOperator(",")) {
                    throw tokens.error("a slice beside another index is not supported");
                }
                tokens.expect("]");
                return slice;
            }
            keys.add(start);
        }
        if (keys.isEmpty()) {
            throw tokens.error("an index is needed between brackets");
        }
        tokens.expect("]");
        Expression key = keys.size() == 1 ? keys.get(0) : node(new Expression.TupleOf(List.copyOf(keys)), keys);
        return node(new Expression.Item(target, key), List.of(target, key));
    }

    private Expression slice(Expression target, Expression start) {
        tokens.expect(":");
        Expression stop = endsBound() ? NONE : expression();
        Expression step = !tokens.skip(":") || endsBound() ? NONE : expression();
        return node(new Expression.Slice(target, start, stop, step), List.of(target, start, stop, step));
    }

    private boolean endsBound() {
        Token token = tokens.current();
        return token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
    }

    private Expression call(Expression callee) {
        if (callee instanceof Expression.Attribute method && !Methods.isKnown(method.name())) {
            names.method(method.name(), tokens.current().line());
        } else if (callee instanceof Expression.Name function) {
            names.call(function.name(), tokens.current().line());
        }
        Call call = arguments();
        List<Expression> children = call.children();
        children.add(callee);
        return node(new Expression.Invocation(callee, call), children);
    }

    private Call arguments() {
        tokens.expect("(");
        List<Expression> positional = new ArrayList<>();
        List<String> keywords = new ArrayList<>();
        List<Expression> named = new ArrayList<>();
        Expression all = null;
        Expression allNamed = null;
        boolean first = true;
        while (!tokens.skip(")")) {
            if (!first) {
                tokens.expect(",");
                if (tokens.skip(")")) {
                    break;
                }
            }
            first = false;
            boolean name =
                    tokens.current().kind() == Kind.NAME && tokens.following().isOperator("=");
            if (allNamed != null || (all != null && !name && !tokens.current().isOperator("**"))) {
                throw tokens.error("an argument stands behind one with * or **");
            } else if (tokens.skip("*")) {
                all = expression();
            } else if (tokens.skip("**")) {
                allNamed = expression();
            } else if (name) {
                keywords.add(tokens.next().text());
                tokens.next();
                named.add(expression());
            } else if (keywords.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.error("an argument without a name stands behind one with a name");
            }
        }
        if (keywords.size() != Set.copyOf(keywords).size()) {
            throw tokens.error("an argument's name stands there twice");
        }
        return new Call(List.copyOf(positional), List.copyOf(keywords), List.copyOf(named), all, allNamed);
    }

    /** Filters behind a value, if there are any. */
    Expression filtersOver(Expression start) {
        Expression value = start;
        while (tokens.skip("|")) {
            value = filter(value);
        }
        return value;
    }

    /** Filters, tests and calls behind a value. */
    private Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skip("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.current().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    /** The filter whose name is the current token, over a value. */
    Expression filter(Expression value) {
        String name = tokens.name("a filter's name");
        Builtin filter = filters.get(name);
        if (filter == null) {
            throw tokens.error("the filter '" + name + "' is not supported");
        }
        askedOf(value, name);
        Call call = tokens.current().isOperator("(") ? arguments() : Call.EMPTY;
        String described = "the filter '" + name + "'";
        check(filter, described, call);
        return node(new Expression.FilterCall(value, described, filter, call), children(value, call));
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        String name = tokens.name("a test's name");
        Builtin test = Tests.TABLE.get(name);
        if (test == null) {
            throw tokens.error("the test '" + name + "' is not supported");
        }
        askedOf(value, name);
        Call call = Call.EMPTY;
        if (tokens.current().isOperator("(")) {
            call = arguments();
        } else if (startsTestArgument()) {
            call = new Call(List.of(postfix(primary())), List.of(), List.of(), null, null);
        }
        String described = "the test '" + name + "'";
        check(test, described, call);
        Expression result = node(new Expression.TestCall(value, described, test, call), children(value, call));
        return negated ? node(new Expression.Not(result), List.of(result)) : result;
    }

    private void askedOf(Expression value, String filterOrTest) {
        if (value instanceof Expression.Name variable && ASK_WHETHER_DEFINED.contains(filterOrTest)) {
            names.optional(variable.name());
        }
    }

    private boolean startsTestArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> {
                if (token.text().equals("is")) {
                    throw tokens.error("tests cannot be chained with 'is'");
                }
                yield !Set.of("else", "or", "and").contains(token.text());
            }
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }

    private static List<Expression> children(Expression value, Call call) {
        List<Expression> children = call.children();
        children.add(value);
        return children;
    }

    private void check(Builtin builtin, String name, Call call) {
        try {
            if (call.isPlain()) {
                builtin.check(name, call.positional().size(), call.names());
            }
        } catch (EvalException e) {
            throw tokens.error(e.getMessage());
        }
    }

    /** Remembers how high the node's tree is: a long chain of operators is a deep tree without any nesting in the text. */
    private Expression node(Expression node, List<Expression> children) {
        int height = 1;
        for (Expression child : children) {
            height = Math.max(height, 1 + heights.getOrDefault(child, 1));
        }
        if (height > TokenStream.MAX_DEPTH) {
            throw tokens.error("an expression of more than " + TokenStream.MAX_DEPTH + " levels");
        }
        heights.put(node, height);
        if (!(node instanceof Expression.Invocation) && children.stream().allMatch(this::isConstant)) {
            constants.put(node, true);
        }
        return node;
    }

    /** Whether Jinja works it out when it reads the template. */
    private boolean isConstant(Expression expression) {
        return expression instanceof Expression.Literal || constants.containsKey(expression);
    }
}
