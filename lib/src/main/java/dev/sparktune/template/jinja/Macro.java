package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.List;

/** A macro, or the body of a call block: text made from arguments, in the scope it was written in. */
record Macro(String name, Signature signature, Statement.Body body, Scope scope) implements Invocable {
    /**
     * What a macro takes.
     *
     * @param parameters in order
     * @param defaults of the last parameters
     * @param frame says whether the body reads {@code caller}, {@code varargs} or {@code kwargs}
     */
    record Signature(List<String> parameters, List<Expression> defaults, Frame frame) {}

    @Override
    public String call(Context context, Arguments arguments) {
        context.charge(16);
        StringBuilder text = new StringBuilder();
        int line = context.line();
        Scope caller = context.enterCall(scope);
        body.hide(context);
        bind(context, arguments);
        body.block().render(context, text);
        context.leaveCall(caller);
        context.at(line);
        return text.toString();
    }

    private void bind(Context context, Arguments arguments) {
        List<String> parameters = signature.parameters();
        List<String> rest = new ArrayList<>(arguments.names());
        List<Integer> missing = new ArrayList<>();
        int given = Math.min(arguments.positional().size(), parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Object value = i < given ? arguments.positional().get(i) : arguments.named(parameter);
            if (i >= given) {
                rest.remove(parameter);
            }
            if (value == Dict.ABSENT) {
                missing.add(i);
                value = new Undefined("parameter '" + parameter + "' was not provided");
            }
            context.set(parameter, value);
        }
        bindSpecial(context, arguments, rest);
        int firstDefault = parameters.size() - signature.defaults().size();
        for (int i : missing) {
            if (i >= firstDefault) {
                context.set(
                        parameters.get(i),
                        signature.defaults().get(i - firstDefault).eval(context));
            }
        }
    }

    private void bindSpecial(Context context, Arguments arguments, List<String> rest) {
        if (signature.frame().uses("caller")) {
            Object caller = rest.remove("caller") ? arguments.named("caller") : null;
            context.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (signature.frame().uses("kwargs")) {
            Dict named = new Dict();
            rest.forEach(name -> named.put(name, arguments.named(name)));
            context.set("kwargs", named);
        } else if (!rest.isEmpty()) {
            throw new EvalException("macro '" + name + "' takes no keyword argument '" + rest.get(0) + "'");
        }
        int given = arguments.positional().size();
        int taken = signature.parameters().size();
        if (signature.frame().uses("varargs")) {
            List<Object> more = given > taken ? arguments.positional().subList(taken, given) : List.of();
            context.set("varargs", new Tuple(more));
        } else if (given > taken) {
            throw new EvalException("macro '" + name + "' takes not more than " + taken + " argument(s)");
        }
    }

    @Override
    public String typeName() {
        return "Macro";
    }
}
