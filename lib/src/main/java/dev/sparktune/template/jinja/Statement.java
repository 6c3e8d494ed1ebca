package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.List;

/** A part of a template that writes text or sets variables. */
sealed interface Statement
        permits Statement.Text,
                Statement.Output,
                Statement.Block,
                Statement.If,
                Statement.LeaveLoop,
                Statement.Set,
                Statement.SetBlock,
                Statement.FilterBlock,
                Statement.With,
                Statement.MacroDefinition,
                Statement.CallBlock,
                Statement.Generation,
                ForLoop {
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
                if (context.leaving()) {
                    return;
                }
            }
        }
    }

    /** Statements with a scope of their own. */
    record Body(Block block, Frame frame, List<String> hidden) {
        Body(Block block, Frame frame) {
            this(block, frame, new ArrayList<>());
        }

        /** To be called when the whole template has been read. */
        void resolve() {
            hidden.addAll(frame.hidden());
        }

        /** Undefines what the scope sets before it reads it. */
        void hide(Context context) {
            for (int i = 0; i < hidden.size(); i++) {
                context.set(hidden.get(i), new Undefined("'" + hidden.get(i) + "' is undefined"));
            }
        }

        void render(Context context, StringBuilder out) {
            context.enterScope();
            hide(context);
            block.render(context, out);
            context.leaveScope();
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

    /** {@code {% break %}} or {@code {% continue %}}. */
    record LeaveLoop(int line, Context.Leave what) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            context.leave(what);
        }
    }

    record Set(int line, Target target, Expression value) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            target.assign(context, value.eval(context));
        }
    }

    /** {@code {% set target %}…{% endset %}}: the text of the body, through the filter if there is one. */
    record SetBlock(int line, Target target, Body body, Filtered filter) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            Object value = filter.of(context, body);
            if (!context.leaving()) {
                target.assign(context, value);
            }
        }
    }

    /** {@code {% filter f %}…{% endfilter %}}. */
    record FilterBlock(int line, Body body, Filtered filter) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            Object value = filter.of(context, body);
            if (!(value instanceof String || value instanceof Markup)) {
                throw new EvalException("the filter of a filter block must make a text, not " + Values.typeName(value));
            } else if (!context.leaving()) {
                Printer.str(context, value, out);
            }
        }
    }

    /**
     * What filters make of a body's text.
     *
     * @param text gets the body's text
     * @param value the filters over it
     */
    record Filtered(Expression.Holder text, Expression value) {
        private Object of(Context context, Body body) {
            StringBuilder rendered = new StringBuilder();
            context.enterScope();
            body.hide(context);
            body.block().render(context, rendered);
            context.charge(rendered.length());
            context.set(text.name(), rendered.toString());
            Object result = value.eval(context);
            context.leaveScope();
            return result;
        }
    }

    /** {@code {% with a = 1 %}…{% endwith %}}. */
    record With(int line, List<Target> targets, List<Expression> values, Body body) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            List<Object> outside = new ArrayList<>(values.size());
            for (Expression value : values) {
                outside.add(value.eval(context));
            }
            context.enterScope();
            body.hide(context);
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(context, outside.get(i));
            }
            body.block().render(context, out);
            context.leaveScope();
        }
    }

    record MacroDefinition(int line, String name, Macro.Signature signature, Body body) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            context.set(name, new Macro(name, signature, body, context.scope()));
        }
    }

    /** {@code {% call f(x) %}…{% endcall %}}: a call that gets the body as {@code caller}. */
    record CallBlock(int line, Macro.Signature signature, Body body, Expression.Invocation call) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            Macro caller = new Macro("caller", signature, body, context.scope());
            Printer.str(context, call.eval(context, arguments -> arguments.with("caller", caller)), out);
        }
    }

    /** {@code {% generation %}…{% endgeneration %}}: the text of its body, which in Jinja is a call block. */
    record Generation(int line, Body body) implements Statement {
        @Override
        public void render(Context context, StringBuilder out) {
            body.render(context, out);
        }
    }
}
