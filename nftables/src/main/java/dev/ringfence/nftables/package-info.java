/// From the compiled policy to the kernel: node table, minimal transactions, read back.
@NullMarked
package dev.ringfence.nftables;

import org.jspecify.annotations.NullMarked;
