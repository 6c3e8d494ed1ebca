package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A loop.
 *
 * @param condition which items it takes; null for all
 * @param recursive whether it can be called inside itself, over other items
 */
record ForLoop(
        int line,
        Target target,
        Expression items,
        Expression condition,
        boolean recursive,
        Statement.Body body,
        Statement.Body otherwise)
        implements Statement {
    @Override
    public void render(Context context, StringBuilder out) {
        Object iterable = items.eval(context);
        if (recursive) {
            out.append(again(context, context.scope(), iterable, 0));
        } else {
            run(context, iterable, null, 0, out);
        }
    }

    private String again(Context context, Scope scope, Object iterable, long depth0) {
        StringBuilder text = new StringBuilder();
        int lineBefore = context.line();
        Scope caller = context.enterCall(scope);
        run(context, iterable, (same, items, depth) -> again(same, scope, items, depth), depth0, text);
        context.leaveCall(caller);
        context.at(lineBefore);
        context.charge(text.length());
        return text.toString();
    }

    private void run(Context context, Object iterable, Loop.Again again, long depth0, StringBuilder out) {
        Iterator<Object> iterator = Iteration.of(context, iterable);
        Loop loop = condition == null
                ? new Loop(iterable, iterator, again, depth0)
                : new Loop(new OneShot(iterator), filtered(context, iterator), again, depth0);
        if (!loop.hasNext()) {
            otherwise.render(context, out);
            return;
        }
        while (loop.hasNext()) {
            Object item = loop.advance();
            context.charge(3);
            context.enterScope();
            body.hide(context);
            context.set("loop", loop);
            target.assign(context, item);
            body.block().render(context, out);
            context.leaveScope();
            if (context.left() == Context.Leave.LOOP) {
                return;
            }
            context.at(line);
        }
    }

    /** One item ahead at most, because the condition may look at what the body changes. */
    private Iterator<Object> filtered(Context context, Iterator<Object> items) {
        Scope scope = context.scope();
        return new Iterator<>() {
            private final List<Object> found = new ArrayList<>(1);

            @Override
            public boolean hasNext() {
                while (found.isEmpty() && items.hasNext()) {
                    Object item = items.next();
                    Scope caller = context.enterCall(scope);
                    target.assign(context, item);
                    if (Values.truth(condition.eval(context))) {
                        found.add(item);
                    }
                    context.leaveCall(caller);
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
