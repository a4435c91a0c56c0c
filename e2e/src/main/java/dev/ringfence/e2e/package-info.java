/// Real packets against the answers, and the arrows between modules and packages.
@NullMarked
package dev.ringfence.e2e;

import org.jspecify.annotations.NullMarked;
