/// Linux from Java: sockets of any kind, poll, and network namespaces of a thread.
///
/// In: bytes and numbers. Out: bytes, or a [SystemCallException]. The only room that touches
/// `java.lang.foreign`. Never here: what the bytes mean. Start at [Libc].
@NullMarked
package dev.ringfence.nftables.linux;

import org.jspecify.annotations.NullMarked;
