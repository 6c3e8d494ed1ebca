package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Python's iteration over a value; each item taken is a step of the render's budget. */
final class Iteration {
    private Iteration() {}

    static Iterator<Object> of(Context context, Object value) {
        if (value instanceof List<?> list) {
            // By index: a list may grow while it is walked, and Python then walks what was added.
            return indexed(context, list::size, i -> list.get((int) i));
        } else if (value instanceof Tuple tuple) {
            return indexed(
                    context, () -> tuple.items().size(), i -> tuple.items().get((int) i));
        } else if (value instanceof String s) {
            return characters(context, s);
        } else if (value instanceof Range range) {
            long length = range.length();
            return indexed(context, () -> length, range::get);
        } else if (value instanceof Dict dict) {
            return of(context, new DictView(DictView.Kind.KEYS, dict));
        } else if (value instanceof DictView view) {
            return entries(context, view);
        } else if (value instanceof OneShot oneShot) {
            return oneShot.items();
        } else if (value instanceof Undefined) {
            return List.of().iterator();
        } else if (value instanceof Markup markup) {
            throw new EvalException(
                    "walking over Markup is not supported: " + markup.text().length() + " characters");
        }
        throw new EvalException("'" + Values.typeName(value) + "' object is not iterable");
    }

    /** Items that the steps make one by one; nothing happens before the first is asked for. */
    static OneShot lazily(Supplier<Supplier<Object>> start) {
        return Generator.of(new Supplier<>() {
            private Supplier<Object> steps;

            @Override
            public Object get() {
                if (steps == null) {
                    steps = start.get();
                }
                return steps.get();
            }
        });
    }

    static List<Object> list(Context context, Object value) {
        List<Object> items = new ArrayList<>();
        for (Iterator<Object> i = of(context, value); i.hasNext(); ) {
            items.add(i.next());
        }
        return items;
    }

    private static Iterator<Object> indexed(Context context, LongSupplier size, LongFunction<Object> get) {
        return new Iterator<>() {
            private long next;
            private boolean ended;

            @Override
            public boolean hasNext() {
                ended |= next >= size.getAsLong(); // a list that grows behind its end is not taken up again
                return !ended;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                context.charge(1);
                return get.apply(next++);
            }
        };
    }

    /** By code point. */
    private static Iterator<Object> characters(Context context, String s) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < s.length();
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                context.charge(1);
                int c = s.codePointAt(at);
                at += Character.charCount(c);
                return Character.toString(c);
            }
        };
    }

    /** A dict that grows or shrinks meanwhile is an error when the next entry is asked for, even behind the last. */
    private static Iterator<Object> entries(Context context, DictView view) {
        Iterator<Dict.Entry> entries = view.dict().iterator();
        int size = view.dict().size();
        return new Iterator<>() {
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (!ended && view.dict().size() != size) {
                    throw new EvalException("dictionary changed size during iteration");
                }
                ended |= !entries.hasNext();
                return !ended;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                context.charge(1);
                return view.element(entries.next());
            }
        };
    }
}
