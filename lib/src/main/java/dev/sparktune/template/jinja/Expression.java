package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** A part of a template that has a value. */
sealed interface Expression {
    Object eval(Context context);

    record Literal(Object value) implements Expression {
        @Override
        public Object eval(Context context) {
            return value;
        }
    }

    record Name(String name, Undefined undefined) implements Expression {
        @Override
        public Object eval(Context context) {
            return context.get(name, undefined);
        }
    }

    /** The variable, under a name that no template can write, that holds the text of a body for its filters. */
    record Holder(String name) implements Expression {
        @Override
        public Object eval(Context context) {
            return context.get(name, null);
        }
    }

    record ListOf(List<Expression> items) implements Expression {
        @Override
        public Object eval(Context context) {
            context.charge(8L + items.size());
            List<Object> list = new ArrayList<>(items.size());
            for (Expression item : items) {
                list.add(item.eval(context));
            }
            return list;
        }
    }

    record TupleOf(List<Expression> items) implements Expression {
        @Override
        public Object eval(Context context) {
            return new Tuple(values(context, items));
        }
    }

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object eval(Context context) {
            context.charge(8L + keys.size());
            Dict dict = new Dict();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(keys.get(i).eval(context), values.get(i).eval(context));
            }
            return dict;
        }
    }

    /** @param called the name, for messages about a call */
    record Attribute(Expression target, String name, String called) implements Expression {
        Attribute(Expression target, String name) {
            this(target, name, "'" + name + "()'");
        }

        @Override
        public Object eval(Context context) {
            return Subscript.attribute(target.eval(context), name);
        }
    }

    record Item(Expression target, Expression key) implements Expression {
        @Override
        public Object eval(Context context) {
            return Subscript.item(context, target.eval(context), key.eval(context));
        }
    }

    record Slice(Expression target, Expression start, Expression stop, Expression step) implements Expression {
        @Override
        public Object eval(Context context) {
            return Subscript.slice(
                    context, target.eval(context), start.eval(context), stop.eval(context), step.eval(context));
        }
    }

    /**
     * The argument expressions of a call.
     *
     * @param all what {@code *} gives; null for nothing
     * @param allNamed what {@code **} gives; null for nothing
     */
    record Call(
            List<Expression> positional,
            List<String> names,
            List<Expression> named,
            Expression all,
            Expression allNamed) {
        static final Call EMPTY = new Call(List.of(), List.of(), List.of(), null, null);

        Arguments eval(Context context) {
            if (all == null && allNamed == null) {
                return positional.isEmpty() && names.isEmpty()
                        ? Arguments.NONE
                        : new Arguments(values(context, positional), names, values(context, named));
            }
            List<Object> values = new ArrayList<>(values(context, positional));
            if (all != null) {
                values.addAll(Iteration.list(context, all.eval(context)));
            }
            Arguments arguments = new Arguments(values, names, values(context, named));
            if (allNamed == null) {
                return arguments;
            } else if (!(allNamed.eval(context) instanceof Dict dict)) {
                throw new EvalException("what stands behind ** must be a dict");
            } else {
                return arguments.withNamed(context, dict);
            }
        }

        /** Whether the number and names of the arguments are known before the call is made. */
        boolean isPlain() {
            return all == null && allNamed == null;
        }

        List<Expression> children() {
            List<Expression> children = new ArrayList<>(positional);
            children.addAll(named);
            if (all != null) {
                children.add(all);
            }
            if (allNamed != null) {
                children.add(allNamed);
            }
            return children;
        }
    }

    /** {@code callee(…)}; a method is called without making a value of it first. */
    record Invocation(Expression callee, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            return eval(context, UnaryOperator.identity());
        }

        /** @param more what is done to the arguments before the call */
        Object eval(Context context, UnaryOperator<Arguments> more) {
            if (callee instanceof Attribute method) {
                Object self = method.target().eval(context);
                if (Methods.isPythonMethod(self, method.name())) {
                    Builtin builtin = Methods.of(context, self, method.name());
                    return builtin.call(method.called(), context, self, more.apply(call.eval(context)));
                }
                return invoke(context, Subscript.attribute(self, method.name()), more);
            }
            return invoke(context, callee.eval(context), more);
        }

        private Object invoke(Context context, Object value, UnaryOperator<Arguments> more) {
            if (value instanceof Invocable invocable) {
                return invocable.call(context, more.apply(call.eval(context)));
            } else if (value instanceof Undefined undefined) {
                throw undefined.error();
            }
            throw new EvalException("'" + Values.typeName(value) + "' object is not callable");
        }
    }

    /** @param name for messages */
    record FilterCall(Expression value, String name, Builtin filter, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            Object self = value.eval(context);
            return filter.call(name, context, self, call.eval(context));
        }
    }

    /** @param name for messages */
    record TestCall(Expression value, String name, Builtin test, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            Object self = value.eval(context);
            return test.call(name, context, self, call.eval(context));
        }
    }

    record Negate(Expression value) implements Expression {
        @Override
        public Object eval(Context context) {
            return Arithmetic.negate(value.eval(context));
        }
    }

    record Plus(Expression value) implements Expression {
        @Override
        public Object eval(Context context) {
            return Arithmetic.plus(value.eval(context));
        }
    }

    record Not(Expression value) implements Expression {
        @Override
        public Object eval(Context context) {
            return !Values.truth(value.eval(context));
        }
    }

    record And(Expression left, Expression right) implements Expression {
        @Override
        public Object eval(Context context) {
            Object value = left.eval(context);
            return Values.truth(value) ? right.eval(context) : value;
        }
    }

    record Or(Expression left, Expression right) implements Expression {
        @Override
        public Object eval(Context context) {
            Object value = left.eval(context);
            return Values.truth(value) ? value : right.eval(context);
        }
    }

    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object eval(Context context) {
            return Arithmetic.apply(context, operator, left.eval(context), right.eval(context));
        }
    }

    /**
     * A constant that is raised to a power that is none. Jinja would read {@code (-2) ** n} as {@code -(2 ** n)}: a negative
     * one is refused.
     */
    record ConstantBase(Expression value) implements Expression {
        @Override
        public Object eval(Context context) {
            Object base = value.eval(context);
            boolean negative = base instanceof Double d
                    ? d < 0 || 1 / d < 0
                    : Values.isInteger(base) && Whole.big(base).signum() < 0;
            if (negative) {
                throw new EvalException("a negative constant to the power of a variable is not supported");
            }
            return base;
        }
    }

    /** {@code first op operand op operand …}: true if each neighbouring pair is, as in Python. */
    record Compare(Expression first, List<String> operators, List<Expression> operands) implements Expression {
        @Override
        public Object eval(Context context) {
            Object left = first.eval(context);
            for (int i = 0; i < operators.size(); i++) {
                Object right = operands.get(i).eval(context);
                if (!holds(context, operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        static boolean holds(Context context, String operator, Object left, Object right) {
            return switch (operator) {
                case "==" -> Values.equal(context, left, right);
                case "!=" -> !Values.equal(context, left, right);
                case "in" -> Membership.in(context, left, right);
                case "not in" -> !Membership.in(context, left, right);
                default -> Values.ordered(context, operator, left, right);
            };
        }
    }

    /** {@code a ~ b ~ …}: the texts of the values, end to end. */
    record Concat(List<Expression> parts) implements Expression {
        @Override
        public Object eval(Context context) {
            StringBuilder out = new StringBuilder();
            for (Expression part : parts) {
                Object value = part.eval(context);
                if (value instanceof Markup) {
                    throw new EvalException("'~' with Markup is not supported");
                }
                Printer.str(context, value, out);
            }
            return out.toString();
        }
    }

    record Conditional(Expression condition, Expression then, Expression otherwise) implements Expression {
        @Override
        public Object eval(Context context) {
            return Values.truth(condition.eval(context)) ? then.eval(context) : otherwise.eval(context);
        }
    }

    private static List<Object> values(Context context, List<Expression> expressions) {
        context.charge(expressions.size());
        Object[] values = new Object[expressions.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = expressions.get(i).eval(context);
        }
        return Collections.unmodifiableList(Arrays.asList(values));
    }
}
