package dev.sparktune.template.jinja;

import java.util.Iterator;

/** A Python generator or zip: can be walked through once. */
record OneShot(Iterator<Object> items) {}
