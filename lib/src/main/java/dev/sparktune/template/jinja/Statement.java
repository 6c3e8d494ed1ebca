package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** A part of a template that writes text or sets variables. */
sealed interface Statement {
    /** Where it starts, from 1. */
    int line();

    void render(Context context, StringBuilder out);

    record Text(int line, String text) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            context.charge(text.length());
            out.append(text);
        }
    }

    record Output(int line, Expression value) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            Printer.str(context, value.eval(context), out);
        }
    }

    /** Statements one after the other. */
    record Block(int line, List<Statement> statements) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            for (Statement statement : statements) {
                if (context.ended(out)) {
                    return;
                }
                context.at(statement.line());
                statement.render(context, out);
                context.checkOutput(out);
            }
        }
    }

    /** The body of the first condition that is true; an else has the condition True. */
    record If(int line, List<Expression> conditions, List<Block> bodies) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            for (int i = 0; i < conditions.size(); i++) {
                if (Values.truth(conditions.get(i).eval(context))) {
                    bodies.get(i).render(context, out);
                    return;
                }
                context.at(bodies.get(i).line());
            }
        }
    }

    /**
     * A loop.
     *
     * @param condition which items it takes; null for all
     */
    record For(int line, Target target, Expression items, Expression condition, Block body, Block otherwise)
            implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            Object iterable = items.eval(context);
            Iterator<Object> iterator = Iteration.of(context, iterable);
            Loop loop = condition == null
                    ? new Loop(iterable, iterator)
                    : new Loop(new OneShot(iterator), filtered(context, iterator));
            if (!loop.hasNext()) {
                context.enterScope();
                otherwise.render(context, out);
                context.leaveScope();
                return;
            }
            while (loop.hasNext()) {
                Object item = loop.advance();
                context.enterScope();
                context.set("loop", loop);
                target.assign(context, item);
                body.render(context, out);
                context.leaveScope();
                context.at(line);
            }
        }

        /** One item ahead at most, because the condition may look at what the body changes. */
        private Iterator<Object> filtered(Context context, Iterator<Object> items) {
            return new Iterator<>() {
                private final List<Object> found = new ArrayList<>(1);

                @Override
                public boolean hasNext() {
                    while (found.isEmpty() && items.hasNext()) {
                        Object item = items.next();
                        context.enterScope();
                        target.assign(context, item);
                        if (Values.truth(condition.eval(context))) {
                            found.add(item);
                        }
                        context.leaveScope();
                    }
                    return !found.isEmpty();
                }

                @Override
                public Object next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return found.remove(0);
                }
            };
        }
    }

    record Set(int line, Target target, Expression value) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            target.assign(context, value.eval(context));
        }
    }

    /** {@code {% set target %}…{% endset %}}: the text of the body. */
    record SetBlock(int line, Target target, Block body) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            StringBuilder text = new StringBuilder();
            context.enterScope();
            body.render(context, text);
            context.leaveScope();
            target.assign(context, text.toString());
        }
    }
}
