package dev.ringfence.e2e.wire;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips a test class where the kernel cannot be had: no root, no Linux, or tools that are missing.
public final class NeedsKernel implements ExecutionCondition {
  private static final List<String> TOOLS = List.of("ip", "nft", "conntrack");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!Files.exists(Path.of("/proc/self/ns/net"))) {
      return disabled("needs Linux");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      return disabled("needs root");
    }
    for (String tool : TOOLS) {
      if (!installed(tool)) {
        return disabled("needs " + tool);
      }
    }
    return enabled("root on Linux");
  }

  private static boolean installed(String tool) {
    return List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }
}
