package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Text that begins as JSON is JSON to its end, or refused: YAML would read something else there.
class JsonExtentTest {
  private static final String START =
      "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":\"p\"},"
          + "\"spec\":{\"ingress\":[{\"ports\":[{\"port\":";

  private static Loaded read(String text) {
    return Manifests.read(List.of(SourceText.of("in", text)), Admission.WRITTEN);
  }

  private static List<String> errors(String text) {
    return read(text).problems().stream().filter(Problem::isError).map(Problem::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "080}]}]}}   | '8' after object key:value pair",
        "0x50}]}]}}  | 'x' after object key:value pair",
        "+80}]}]}}   | '+' looking for beginning of value",
        ".5}]}]}}    | '.' looking for beginning of value",
        "8.}]}]}}    | '}' after decimal point in numeric literal",
        "8e}]}]}}    | '}' in exponent of numeric literal",
        "-}]}]}}     | '}' in numeric literal",
        "yes}]}]}}   | 'y' looking for beginning of value",
        "'a'}]}]}}   | '\\'' looking for beginning of value",
        "nil}]}]}}   | 'i' in literal null (expecting 'u')",
        "80,}]}]}}   | '}' looking for beginning of object key string",
        "80},]}]}}   | ']' looking for beginning of value",
        "80}]}]]}    | ']' after object key:value pair",
        "80}}]}}     | '}' after array element",
        "80 # c      | '#' after object key:value pair",
        "&a 80}]}]}} | '&' looking for beginning of value",
        "\"\\x41\"}]}]}} | 'x' in string escape code",
        "\"\\u00g0\"}]}]}} | 'g' in \\u hexadecimal character escape",
        "80}]}],x    | 'x' looking for beginning of object key string",
        "80}]}],\"x\" 1 | '1' after object key",
      })
  void isRefusedInTheServersWords(String rest, String mistake) {
    assertThat(errors(START + rest.strip()))
        .first()
        .asString()
        .endsWith("json parse error: invalid character " + mistake.strip());
  }

  @Test
  void aLineEndInATextIsNamedByItsPlace() {
    assertThat(errors("{\"a\":\"b\nc\"}"))
        .first()
        .isEqualTo("in:1:8: error: json parse error: invalid character '\\n' in string literal");
  }

  @Test
  void whatIsRightIsRead() {
    assertThat(errors(START + "80,\"endPort\":9e1}, {}, {\"port\" : null}]}]}}")).hasSize(1);
    assertThat(
            errors(
                START
                    + "\"\\u0068ttp\"}, {\"port\":-0}]}],\"egress\":[],\"policyTypes\":[ ]\t}\r\n}"))
        .singleElement()
        .asString()
        .contains("must be between 1 and 65535");
    assertThat(read(START + "80}]}]}}" + START + "81}]}]}}").read())
        .containsEntry("NetworkPolicy", 2);
  }

  @Test
  void aBraceWithoutAQuoteIsYaml() {
    assertThat(
            errors(
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {\"name\": 'p',},"
                    + " spec: {ingress: [{ports: [{port: 0x50}]}]}} # right"))
        .isEmpty();
    assertThat(errors("# not JSON\n" + START + "0x50}]}]}}")).isEmpty();
  }
}
