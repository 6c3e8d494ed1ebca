package dev.sparktune.template.jinja;

import dev.sparktune.template.jinja.Statement.Block;
import dev.sparktune.template.jinja.Statement.Body;
import dev.sparktune.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens to statements, by Jinja's grammar. What it does not know is a syntax error. */
final class Parser {
    private static final Set<String> RESERVED =
            Set.of("true", "false", "none", "True", "False", "None", "loop", "self");

    private final TokenStream tokens;
    private final Names names = new Names();
    private final ExpressionParser expressions;
    private final Dialect dialect;
    private final List<Body> bodies = new ArrayList<>();
    private int loops;
    private int blocks;

    private Parser(List<Token> tokens, Dialect dialect) {
        this.tokens = new TokenStream(tokens);
        this.dialect = dialect;
        this.expressions = new ExpressionParser(this.tokens, names, dialect.filters());
    }

    /** @param fields name to line of what only the row can give */
    record Parsed(Body body, Map<String, Integer> fields) {}

    /** @throws SyntaxException for what is not Jinja, or not supported */
    static Parsed parse(List<Token> tokens, Dialect dialect) {
        Parser parser = new Parser(tokens, dialect);
        Frame frame = parser.names.frame();
        Body body = parser.body(parser.block(), frame);
        parser.names.checkCalls(dialect.functions().keySet());
        parser.bodies.forEach(Body::resolve);
        return new Parsed(body, parser.names.fields(dialect.functions().keySet()));
    }

    private Body body(Block block, Frame frame) {
        Body body = new Body(block, frame);
        bodies.add(body);
        return body;
    }

    /** Statements up to a tag that opens with one of the names, which becomes the current token; or to the end. */
    private Block block(String... ends) {
        tokens.enter();
        int line = tokens.current().line();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.line(), token.text()));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), expressions.tuple(true)));
                    tokens.expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    Token tag = tokens.current();
                    if (tag.kind() == Kind.NAME && List.of(ends).contains(tag.text())) {
                        tokens.leave();
                        return new Block(line, statements);
                    }
                    statement(statements);
                    tokens.expect(Kind.BLOCK_END);
                }
                case END -> {
                    if (ends.length > 0) {
                        throw tokens.error("the template ends where one of " + String.join(", ", ends) + " is needed");
                    }
                    tokens.leave();
                    return new Block(line, statements);
                }
                default -> throw new IllegalStateException(token.toString());
            }
        }
    }

    private void statement(List<Statement> statements) {
        Token tag = tokens.current();
        if (tag.kind() != Kind.NAME) {
            throw tokens.error("a statement's name is needed, but there is " + tag.describe());
        }
        int line = tag.line();
        tokens.next();
        switch (tag.text()) {
            case "if" -> statements.add(ifStatement(line));
            case "for" -> statements.add(forStatement(line));
            case "set" -> statements.add(setStatement(line));
            case "with" -> statements.add(withStatement(line));
            case "macro" -> statements.add(macroStatement(line));
            case "call" -> statements.add(callStatement(line));
            case "filter" -> statements.add(filterStatement(line));
            case "print" -> printStatement(line, statements);
            case "break", "continue" -> statements.add(leaveStatement(line, tag.text()));
            case "generation" -> statements.add(generationStatement(line));
            default -> throw unknown(tag.text(), line);
        }
    }

    private SyntaxException unknown(String name, int line) {
        String chat = dialect.hasLoopControls() ? ", break, continue, generation" : "";
        return new SyntaxException(
                line,
                "the statement '" + name
                        + "' is not supported; known are if, for, set, with, macro, call, filter, print" + chat
                        + " and raw");
    }

    private Statement ifStatement(int line) {
        List<Expression> conditions = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        conditions.add(expressions.tuple(false));
        Frame.Branches branches = names.frame().branches();
        while (true) {
            blocks.add(inside("elif", "else", "endif"));
            branches.end();
            String end = tokens.next().text();
            if (end.equals("elif")) {
                conditions.add(expressions.tuple(false));
                continue;
            }
            if (end.equals("else")) {
                conditions.add(new Expression.Literal(true));
                blocks.add(inside("endif"));
                branches.end();
                tokens.next();
            }
            branches.join();
            return new Statement.If(line, List.copyOf(conditions), List.copyOf(blocks));
        }
    }

    private Statement forStatement(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression items = expressions.tuple(false, "recursive");
        Expression condition = null;
        if (tokens.skipName("if")) {
            names.enter(false);
            target.names().forEach(names::parameter);
            condition = expressions.expression();
            names.leave();
        }
        boolean recursive = tokens.skipName("recursive");
        Frame frame = names.enter(false);
        target.names().forEach(names::parameter);
        names.parameter("loop");
        loops++;
        Body body = body(inside("endfor", "else"), frame);
        loops--;
        names.leave();
        Frame otherwise = names.enter(false);
        Block otherwiseBlock = new Block(line, List.of());
        if (tokens.next().text().equals("else")) {
            otherwiseBlock = inside("endfor");
            tokens.next();
        }
        names.leave();
        return new ForLoop(line, target, items, condition, recursive, body, body(otherwiseBlock, otherwise));
    }

    private Statement setStatement(int line) {
        Target target = target(true);
        if (tokens.skip("=")) {
            Statement set = new Statement.Set(line, target, expressions.tuple(true));
            target.names().forEach(names::set);
            return set;
        }
        Expression.Holder text = holder();
        Expression filters = expressions.filtersOver(text);
        Frame frame = names.enter(false);
        Body body = body(inside("endset"), frame);
        names.leave();
        tokens.next();
        target.names().forEach(names::set);
        return new Statement.SetBlock(line, target, body, new Statement.Filtered(text, filters));
    }

    /** A variable's name that no template can write. */
    private Expression.Holder holder() {
        return new Expression.Holder("text of block " + blocks++);
    }

    private Statement filterStatement(int line) {
        Expression.Holder text = holder();
        Expression filters = expressions.filtersOver(expressions.filter(text));
        Frame frame = names.enter(false);
        Body body = body(inside("endfilter"), frame);
        names.leave();
        tokens.next();
        return new Statement.FilterBlock(line, body, new Statement.Filtered(text, filters));
    }

    private Statement withStatement(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expect(",");
            }
            targets.add(singleTarget(false));
            tokens.expect("=");
            values.add(expressions.expression());
        }
        Frame frame = names.enter(false);
        targets.forEach(target -> target.names().forEach(names::parameter));
        Body body = body(inside("endwith"), frame);
        names.leave();
        tokens.next();
        return new Statement.With(line, List.copyOf(targets), List.copyOf(values), body);
    }

    private Statement macroStatement(int line) {
        String name = variableName();
        names.macro(name);
        Frame frame = names.enter(true);
        Macro.Signature signature = signature(frame);
        Body body = callable("endmacro", frame);
        return new Statement.MacroDefinition(line, name, signature, body);
    }

    private Statement callStatement(int line) {
        Frame frame = names.enter(true);
        Macro.Signature signature =
                tokens.current().isOperator("(") ? signature(frame) : new Macro.Signature(List.of(), List.of(), frame);
        names.leave();
        Expression call = expressions.expression();
        if (!(call instanceof Expression.Invocation invocation)) {
            throw new SyntaxException(line, "a call is needed behind 'call'");
        }
        names.enter(frame);
        return new Statement.CallBlock(line, signature, callable("endcall", frame), invocation);
    }

    /** The body of what is called, in the frame just entered. */
    private Body callable(String end, Frame frame) {
        int outside = loops;
        loops = 0;
        Body body = body(inside(end), frame);
        loops = outside;
        names.leave();
        tokens.next();
        return body;
    }

    private Macro.Signature signature(Frame frame) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.skip(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
            }
            String parameter = variableName();
            if (parameters.contains(parameter) || parameter.equals("caller")) {
                throw tokens.error("the parameter '" + parameter + "' is not supported, or stands there twice");
            }
            parameters.add(parameter);
            names.parameter(parameter);
            if (tokens.skip("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.error("non-default argument follows default argument");
            }
        }
        return new Macro.Signature(List.copyOf(parameters), List.copyOf(defaults), frame);
    }

    private void printStatement(int line, List<Statement> statements) {
        boolean first = true;
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!first) {
                tokens.expect(",");
            }
            statements.add(new Statement.Output(line, expressions.expression()));
            first = false;
        }
    }

    private Statement leaveStatement(int line, String name) {
        if (!dialect.hasLoopControls()) {
            throw unknown(name, line);
        } else if (loops == 0) {
            throw new SyntaxException(line, "'" + name + "' stands outside of a loop");
        }
        return new Statement.LeaveLoop(line, name.equals("break") ? Context.Leave.LOOP : Context.Leave.ITERATION);
    }

    private Statement generationStatement(int line) {
        if (!dialect.hasLoopControls()) {
            throw unknown("generation", line);
        }
        Frame frame = names.enter(true);
        return new Statement.Generation(line, callable("endgeneration", frame));
    }

    /** What stands between the end of a tag and the tag that ends its body. */
    private Block inside(String... ends) {
        tokens.skip(":");
        tokens.expect(Kind.BLOCK_END);
        return block(ends);
    }

    private Target target(boolean namespaces) {
        List<Target> targets = new ArrayList<>();
        boolean comma = false;
        while (targets.isEmpty() || comma) {
            targets.add(singleTarget(namespaces));
            comma = tokens.skip(",");
            if (comma && endsTarget()) {
                return new Target.Unpacked(List.copyOf(targets));
            }
        }
        return targets.size() == 1 ? targets.get(0) : new Target.Unpacked(List.copyOf(targets));
    }

    private boolean endsTarget() {
        Token token = tokens.current();
        return token.isOperator(")") || token.kind() == Kind.BLOCK_END;
    }

    private Target singleTarget(boolean namespaces) {
        tokens.enter();
        Target target;
        if (tokens.skip("(")) {
            target = target(false);
            tokens.expect(")");
        } else if (namespaces && tokens.following().isOperator(".")) {
            String namespace = tokens.name("a namespace's name");
            names.read(namespace, tokens.current().line());
            tokens.expect(".");
            target = new Target.NamespaceAttribute(namespace, tokens.name("an attribute's name"));
        } else {
            target = new Target.Variable(variableName());
        }
        tokens.leave();
        return target;
    }

    private String variableName() {
        String name = tokens.name("a variable's name");
        if (RESERVED.contains(name)) {
            throw tokens.error("'" + name + "' cannot be assigned to");
        }
        return name;
    }
}
