package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

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
            Object value = context.get(name, undefined);
            if (value == undefined && Globals.NAMES.contains(name)) {
                throw new EvalException("'" + name + "' is a function of Jinja and must be called");
            }
            return value;
        }
    }

    record ListOf(List<Expression> items) implements Expression {
        @Override
        public Object eval(Context context) {
            context.charge(items.size());
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
            context.charge(keys.size());
            Dict dict = new Dict();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(keys.get(i).eval(context), values.get(i).eval(context));
            }
            return dict;
        }
    }

    record Attribute(Expression target, String name) implements Expression {
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

    /** The argument expressions of a call. */
    record Call(List<Expression> positional, List<String> names, List<Expression> named) {
        static final Call EMPTY = new Call(List.of(), List.of(), List.of());

        Arguments eval(Context context) {
            return positional.isEmpty() && names.isEmpty()
                    ? Arguments.NONE
                    : new Arguments(values(context, positional), names, values(context, named));
        }
    }

    record GlobalCall(String name, Builtin global, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            if (context.get(name, Dict.ABSENT) != Dict.ABSENT) {
                throw new EvalException("'" + name + "' is a variable here and cannot be called");
            }
            return global.call(name + "()", context, null, call.eval(context));
        }
    }

    record MethodCall(Expression target, String name, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            Object self = target.eval(context);
            return Methods.of(self, name).call("'" + name + "()'", context, self, call.eval(context));
        }
    }

    record FilterCall(Expression value, String name, Builtin filter, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            Object self = value.eval(context);
            return filter.call("the filter '" + name + "'", context, self, call.eval(context));
        }
    }

    record TestCall(Expression value, String name, Builtin test, Call call) implements Expression {
        @Override
        public Object eval(Context context) {
            Object self = value.eval(context);
            return test.call("the test '" + name + "'", context, self, call.eval(context));
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
                Printer.str(context, part.eval(context), out);
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
