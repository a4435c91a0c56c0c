/// Pure policy engine, one package per step; this package itself stays empty.
@NullMarked
package dev.ringfence.core;

import org.jspecify.annotations.NullMarked;
