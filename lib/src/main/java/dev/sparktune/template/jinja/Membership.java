package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.Iterator;

/** Python's {@code in}. */
final class Membership {
    private Membership() {}

    static boolean in(Context context, Object element, Object container) {
        if (container instanceof Markup) {
            throw new EvalException("'in' with Markup is not supported");
        } else if (container instanceof String text) {
            if (element instanceof String part) {
                context.chargeSearch(text, part);
                return text.contains(part);
            }
            throw new EvalException("'in <string>' requires string as left operand, not " + Values.typeName(element));
        } else if (container instanceof Dict dict) {
            return dict.containsKey(element);
        } else if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
            return view.dict().containsKey(element);
        } else if (container instanceof Range && element instanceof BigInteger) {
            return false;
        } else if (container instanceof Range range && Values.isInteger(element)) {
            long distance = Values.integer(element) - range.start();
            return distance % range.step() == 0
                    && distance / range.step() >= 0
                    && distance / range.step() < range.length();
        }
        for (Iterator<Object> items = Iteration.of(context, container); items.hasNext(); ) {
            Object item = items.next();
            Values.refuseNan(item);
            if (Values.equal(context, element, item)) {
                return true;
            }
        }
        return false;
    }
}
