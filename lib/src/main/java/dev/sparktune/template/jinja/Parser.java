package dev.sparktune.template.jinja;

import dev.sparktune.template.jinja.Expression.Call;
import dev.sparktune.template.jinja.Statement.Block;
import dev.sparktune.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens to a tree, by Jinja's grammar and its precedence of operators. What it does not know is a syntax error. */
final class Parser {
    /** Of statements in statements, brackets in brackets, and of an expression's tree. */
    private static final int MAX_DEPTH = 200;

    private static final Set<String> RESERVED =
            Set.of("true", "false", "none", "True", "False", "None", "loop", "self");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Expression NONE = new Expression.Literal(null);

    /** Filters and tests that say what to do where there is no such variable. */
    private static final Set<String> ASK_WHETHER_DEFINED = Set.of("default", "d", "defined", "undefined");

    /** @param fields name → line of what only the row can give */
    record Parsed(Block body, Map<String, Integer> fields) {}

    private final List<Token> tokens;
    private final Fields fields = new Fields();
    private final IdentityHashMap<Expression, Integer> heights = new IdentityHashMap<>();
    private int at;
    private int depth;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws SyntaxException for what is not Jinja, or not supported */
    static Parsed parse(List<Token> tokens) {
        Parser parser = new Parser(tokens);
        return new Parsed(parser.block(), parser.fields.wanted());
    }

    // ---- statements

    /** Statements up to a tag that opens with one of the names, which becomes the current token; or to the end. */
    private Block block(String... ends) {
        enter();
        int line = current().line();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.line(), token.text()));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), tuple(true)));
                    expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    if (List.of(ends).contains(current().text()) && current().kind() == Kind.NAME) {
                        leave();
                        return new Block(line, statements);
                    }
                    statements.add(statement());
                    expect(Kind.BLOCK_END);
                }
                case END -> {
                    if (ends.length > 0) {
                        throw error("the template ends where one of " + String.join(", ", ends) + " is needed");
                    }
                    leave();
                    return new Block(line, statements);
                }
                default -> throw new IllegalStateException(token.toString());
            }
        }
    }

    private Statement statement() {
        Token tag = current();
        if (tag.kind() != Kind.NAME) {
            throw error("a statement's name is needed, but there is " + tag.describe());
        }
        return switch (tag.text()) {
            case "if" -> ifStatement();
            case "for" -> forStatement();
            case "set" -> setStatement();
            default ->
                throw error("the statement '" + tag.text() + "' is not supported; known are if, for, set and raw");
        };
    }

    private Statement ifStatement() {
        int line = next().line();
        List<Expression> conditions = new ArrayList<>();
        List<Block> bodies = new ArrayList<>();
        while (true) {
            conditions.add(tuple(false));
            bodies.add(body("elif", "else", "endif"));
            String end = next().text();
            if (end.equals("elif")) {
                continue;
            }
            if (end.equals("else")) {
                conditions.add(new Expression.Literal(true));
                bodies.add(body("endif"));
                next();
            }
            return new Statement.If(line, List.copyOf(conditions), List.copyOf(bodies));
        }
    }

    private Statement forStatement() {
        int line = next().line();
        Target target = target(false);
        expectName("in");
        Expression items = tuple(false, "recursive");
        Expression condition = skipName("if") ? expression() : null;
        if (current().isName("recursive")) {
            throw error("recursive loops are not supported");
        }
        Block body = body("endfor", "else");
        Block otherwise = new Block(line, List.of());
        if (next().text().equals("else")) {
            otherwise = body("endfor");
            next();
        }
        return new Statement.For(line, target, items, condition, body, otherwise);
    }

    private Statement setStatement() {
        int line = next().line();
        Target target = target(true);
        if (skip("=")) {
            return new Statement.Set(line, target, tuple(true));
        }
        if (current().isOperator("|")) {
            throw error("a set block with a filter is not supported");
        }
        Block body = body("endset");
        next();
        return new Statement.SetBlock(line, target, body);
    }

    private Block body(String... ends) {
        skip(":");
        expect(Kind.BLOCK_END);
        return block(ends);
    }

    private Target target(boolean namespaces) {
        List<Target> targets = new ArrayList<>();
        boolean comma = false;
        while (targets.isEmpty() || comma) {
            targets.add(singleTarget(namespaces));
            comma = skip(",");
            if (comma && current().isOperator(")")) {
                return new Target.Unpacked(List.copyOf(targets));
            }
        }
        return targets.size() == 1 ? targets.get(0) : new Target.Unpacked(List.copyOf(targets));
    }

    private Target singleTarget(boolean namespaces) {
        enter();
        Target target;
        if (skip("(")) {
            target = target(namespaces);
            expect(")");
        } else {
            String name = name("a variable's name");
            if (RESERVED.contains(name)) {
                throw error("'" + name + "' cannot be assigned to");
            }
            fields.known(name);
            target = namespaces && skip(".")
                    ? new Target.NamespaceAttribute(name, name("an attribute's name"))
                    : new Target.Variable(name);
        }
        leave();
        return target;
    }

    // ---- expressions, loosest first

    /** One expression, or a tuple of those between commas. */
    private Expression tuple(boolean conditional, String... ends) {
        return tuple(conditional, false, ends);
    }

    private Expression tuple(boolean conditional, boolean inParentheses, String... ends) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while ((items.isEmpty() || comma) && !endsTuple(ends)) {
            items.add(conditional ? expression() : or());
            comma = skip(",");
        }
        if (!comma && items.size() == 1) {
            return items.get(0);
        }
        if (items.isEmpty() && !inParentheses) {
            throw error("an expression is needed, but there is " + current().describe());
        }
        return node(new Expression.TupleOf(List.copyOf(items)), items);
    }

    private boolean endsTuple(String... ends) {
        Token token = current();
        return token.kind() == Kind.VARIABLE_END
                || token.kind() == Kind.BLOCK_END
                || token.isOperator(")")
                || (token.kind() == Kind.NAME && List.of(ends).contains(token.text()));
    }

    private Expression expression() {
        enter();
        Expression value = or();
        while (skipName("if")) {
            Expression condition = or();
            Expression otherwise = skipName("else")
                    ? expression()
                    : new Expression.Literal(new Undefined("the inline if was false and has no else"));
            value = node(new Expression.Conditional(condition, value, otherwise), List.of(condition, value, otherwise));
        }
        leave();
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (skipName("or")) {
            Expression right = and();
            left = node(new Expression.Or(left, right), List.of(left, right));
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (skipName("and")) {
            Expression right = not();
            left = node(new Expression.And(left, right), List.of(left, right));
        }
        return left;
    }

    private Expression not() {
        if (!current().isName("not")) {
            return compare();
        }
        enter();
        next();
        Expression value = not();
        leave();
        return node(new Expression.Not(value), List.of(value));
    }

    private Expression compare() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        while (true) {
            Token token = current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                operators.add(next().text());
            } else if (skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.get(at + 1).isName("in")) {
                next();
                next();
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
        while (current().isOperator("+") || current().isOperator("-")) {
            left = binary(next().text(), left, concat());
        }
        return left;
    }

    private Expression concat() {
        List<Expression> parts = new ArrayList<>();
        parts.add(product());
        while (skip("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.get(0) : node(new Expression.Concat(List.copyOf(parts)), parts);
    }

    private Expression product() {
        Expression left = power();
        while (current().isOperator("*")
                || current().isOperator("/")
                || current().isOperator("//")
                || current().isOperator("%")) {
            left = binary(next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (current().isOperator("**")) {
            left = binary(next().text(), left, unary(true));
        }
        return left;
    }

    private Expression binary(String operator, Expression left, Expression right) {
        return node(new Expression.Binary(operator, left, right), List.of(left, right));
    }

    private Expression unary(boolean filters) {
        enter();
        Expression value;
        if (skip("-")) {
            Expression negated = unary(false);
            value = node(new Expression.Negate(negated), List.of(negated));
        } else if (skip("+")) {
            Expression plus = unary(false);
            value = node(new Expression.Plus(plus), List.of(plus));
        } else {
            value = primary();
        }
        value = postfix(value);
        value = filters ? filters(value) : value;
        leave();
        return value;
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case NAME -> named(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (current().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            default -> {
                if (token.isOperator("(")) {
                    Expression inner = tuple(true, true);
                    expect(")");
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
                fields.read(name, token.line());
                yield new Expression.Name(name, new Undefined("'" + name + "' is undefined"));
            }
        };
    }

    private static Long integer(Token token) {
        try {
            return Long.parseLong(token.text());
        } catch (NumberFormatException e) {
            throw new SyntaxException(token.line(), "the number " + token.text() + " does not fit into 64 bits");
        }
    }

    /** Expressions between commas up to the closing bracket; a last comma is allowed. */
    private List<Expression> list(String close) {
        List<Expression> items = new ArrayList<>();
        while (!skip(close)) {
            if (!items.isEmpty()) {
                expect(",");
                if (skip(close)) {
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
        while (!skip("}")) {
            if (!keys.isEmpty()) {
                expect(",");
                if (skip("}")) {
                    break;
                }
            }
            keys.add(expression());
            expect(":");
            values.add(expression());
        }
        List<Expression> all = new ArrayList<>(keys);
        all.addAll(values);
        return node(new Expression.DictOf(List.copyOf(keys), List.copyOf(values)), all);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (skip(".")) {
                value = attribute(value);
            } else if (skip("[")) {
                value = subscript(value);
            } else if (current().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression target) {
        if (current().kind() == Kind.INTEGER) {
            Expression key = new Expression.Literal(integer(next()));
            return node(new Expression.Item(target, key), List.of(target));
        }
        return node(new Expression.Attribute(target, name("a name or number")), List.of(target));
    }

    private Expression subscript(Expression target) {
        Expression start = current().isOperator(":") ? NONE : expression();
        Expression result;
        if (skip(":")) {
            Expression stop = current().isOperator(":") || current().isOperator("]") ? NONE : expression();
            Expression step = !skip(":") || current().isOperator("]") ? NONE : expression();
            result = node(new Expression.Slice(target, start, stop, step), List.of(target, start, stop, step));
        } else {
            result = node(new Expression.Item(target, start), List.of(target, start));
        }
        if (current().isOperator(",")) {
            throw error("more than one index between brackets is not supported");
        }
        expect("]");
        return result;
    }

    private Expression call(Expression callee) {
        Call call = arguments();
        List<Expression> children = new ArrayList<>(call.positional());
        children.addAll(call.named());
        children.add(callee);
        if (callee instanceof Expression.Attribute method) {
            if (!Methods.isKnown(method.name())) {
                throw error("the method '" + method.name() + "()' is not supported");
            }
            return node(new Expression.MethodCall(method.target(), method.name(), call), children);
        } else if (callee instanceof Expression.Name function) {
            Builtin global = Globals.TABLE.get(function.name());
            if (global == null) {
                throw error("the function '" + function.name() + "()' is not supported");
            }
            check(global, function.name() + "()", call);
            return node(new Expression.GlobalCall(function.name(), global, call), children);
        }
        throw error("only functions and methods can be called");
    }

    private Call arguments() {
        expect("(");
        List<Expression> positional = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Expression> named = new ArrayList<>();
        while (!skip(")")) {
            if (!positional.isEmpty() || !names.isEmpty()) {
                expect(",");
                if (skip(")")) {
                    break;
                }
            }
            if (current().isOperator("*") || current().isOperator("**")) {
                throw error("arguments with * or ** are not supported");
            } else if (current().kind() == Kind.NAME && tokens.get(at + 1).isOperator("=")) {
                names.add(next().text());
                next();
                named.add(expression());
            } else if (names.isEmpty()) {
                positional.add(expression());
            } else {
                throw error("an argument without a name stands behind one with a name");
            }
        }
        return new Call(List.copyOf(positional), List.copyOf(names), List.copyOf(named));
    }

    /** Filters and tests behind a value. */
    private Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (skip("|")) {
                value = filter(value);
            } else if (skipName("is")) {
                value = test(value);
            } else if (current().isOperator("(")) {
                throw error("only functions and methods can be called");
            } else {
                return value;
            }
        }
    }

    private Expression filter(Expression value) {
        String name = name("a filter's name");
        Builtin filter = Filters.TABLE.get(name);
        if (filter == null) {
            throw error("the filter '" + name + "' is not supported");
        }
        askedOf(value, name);
        Call call = current().isOperator("(") ? arguments() : Call.EMPTY;
        check(filter, "the filter '" + name + "'", call);
        return node(new Expression.FilterCall(value, name, filter, call), children(value, call));
    }

    private Expression test(Expression value) {
        boolean negated = skipName("not");
        String name = name("a test's name");
        Builtin test = Tests.TABLE.get(name);
        if (test == null) {
            throw error("the test '" + name + "' is not supported");
        }
        askedOf(value, name);
        Call call = Call.EMPTY;
        if (current().isOperator("(")) {
            call = arguments();
        } else if (startsTestArgument()) {
            call = new Call(List.of(postfix(primary())), List.of(), List.of());
        }
        check(test, "the test '" + name + "'", call);
        Expression result = node(new Expression.TestCall(value, name, test, call), children(value, call));
        return negated ? node(new Expression.Not(result), List.of(result)) : result;
    }

    private void askedOf(Expression value, String filterOrTest) {
        if (value instanceof Expression.Name variable && ASK_WHETHER_DEFINED.contains(filterOrTest)) {
            fields.known(variable.name());
        }
    }

    private boolean startsTestArgument() {
        Token token = current();
        return switch (token.kind()) {
            case NAME -> {
                if (token.text().equals("is")) {
                    throw error("tests cannot be chained with 'is'");
                }
                yield !Set.of("else", "or", "and").contains(token.text());
            }
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }

    private static List<Expression> children(Expression value, Call call) {
        List<Expression> children = new ArrayList<>(call.positional());
        children.addAll(call.named());
        children.add(value);
        return children;
    }

    private void check(Builtin builtin, String name, Call call) {
        try {
            builtin.check(name, call.positional().size(), call.names());
        } catch (EvalException e) {
            throw error(e.getMessage());
        }
    }

    // ---- depth

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw error("nested more than " + MAX_DEPTH + " deep");
        }
    }

    private void leave() {
        depth--;
    }

    /** Remembers how high the node's tree is: a long chain of operators is a deep tree without any nesting in the text. */
    private Expression node(Expression node, List<Expression> children) {
        int height = 1;
        for (Expression child : children) {
            height = Math.max(height, 1 + heights.getOrDefault(child, 1));
        }
        if (height > MAX_DEPTH) {
            throw error("an expression of more than " + MAX_DEPTH + " levels");
        }
        heights.put(node, height);
        return node;
    }

    // ---- tokens

    private Token current() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean skip(String operator) {
        boolean found = current().isOperator(operator);
        at += found ? 1 : 0;
        return found;
    }

    private boolean skipName(String name) {
        boolean found = current().isName(name);
        at += found ? 1 : 0;
        return found;
    }

    private void expect(String operator) {
        if (!skip(operator)) {
            throw error(
                    "'" + operator + "' is needed, but there is " + current().describe());
        }
    }

    private void expectName(String name) {
        if (!skipName(name)) {
            throw error("'" + name + "' is needed, but there is " + current().describe());
        }
    }

    private void expect(Kind kind) {
        if (current().kind() != kind) {
            throw error(new Token(kind, "", 0).describe() + " is needed, but there is "
                    + current().describe());
        }
        next();
    }

    private String name(String what) {
        if (current().kind() != Kind.NAME) {
            throw error(what + " is needed, but there is " + current().describe());
        }
        return next().text();
    }

    private SyntaxException error(String reason) {
        return new SyntaxException(current().line(), reason);
    }
}
