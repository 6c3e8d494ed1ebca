package dev.sparktune.template.jinja;

import dev.sparktune.template.jinja.Token.Kind;
import java.util.List;

/** The tokens of a template, one after the other, and how deep in brackets and statements the reader is. */
final class TokenStream {
    /** Of statements in statements, brackets in brackets, and of an expression's tree. */
    static final int MAX_DEPTH = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw error("nested more than " + MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }

    Token current() {
        return tokens.get(at);
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean skip(String operator) {
        boolean found = current().isOperator(operator);
        at += found ? 1 : 0;
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        at += found ? 1 : 0;
        return found;
    }

    void expect(String operator) {
        if (!skip(operator)) {
            throw error(
                    "'" + operator + "' is needed, but there is " + current().describe());
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw error("'" + name + "' is needed, but there is " + current().describe());
        }
    }

    void expect(Kind kind) {
        if (current().kind() != kind) {
            throw error(new Token(kind, "", 0).describe() + " is needed, but there is "
                    + current().describe());
        }
        next();
    }

    String name(String what) {
        if (current().kind() != Kind.NAME) {
            throw error(what + " is needed, but there is " + current().describe());
        }
        return next().text();
    }

    SyntaxException error(String reason) {
        return new SyntaxException(current().line(), reason);
    }

    /** The token behind the current one. */
    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }
}
