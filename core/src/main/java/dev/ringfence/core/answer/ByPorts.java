package dev.ringfence.core.answer;

import dev.ringfence.core.compiled.PortSet;

/// Ports between two ends that the same rules decide in the same way.
public record ByPorts(PortSet ports, Decision decision) {}
