/// What the Kubernetes API means once it has been read: policies, peers, ports, addresses.
///
/// In: nothing of ours. Out: values that cannot be wrong, for every other room. Never here: text,
/// places in files, clusters. Start at [NetworkPolicy].
@NullMarked
package dev.ringfence.core.model;

import org.jspecify.annotations.NullMarked;
