package dev.ringfence.cli;

import dev.ringfence.core.manifest.Place;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The lines that problems are about, read again and nothing else kept.
final class Quotes {
  /// As long as one object may be (S181); of a longer line the end is not quoted.
  private static final int LONGEST_LINE = 3 * 1024 * 1024;

  private final Map<Place, Quote> found = new HashMap<>();

  private Quotes() {}

  /// What gives the bytes of a file once more.
  interface Again {
    InputStream open(String file) throws IOException;
  }

  /// Reads each file once more up to the last line that is asked for.
  static Quotes of(List<Place> places, Again again) {
    Map<String, SortedMap<Integer, List<Place>>> wanted = new HashMap<>();
    for (Place place : places) {
      wanted
          .computeIfAbsent(place.file(), _ -> new TreeMap<>())
          .computeIfAbsent(place.line(), _ -> new ArrayList<>())
          .add(place);
    }
    Quotes quotes = new Quotes();
    wanted.forEach((file, lines) -> quotes.read(file, lines, again));
    return quotes;
  }

  /// Empty where the line cannot be read again.
  Optional<Quote> of(Place place) {
    return Optional.ofNullable(found.get(place));
  }

  private void read(String file, SortedMap<Integer, List<Place>> lines, Again again) {
    try (InputStream in = new BufferedInputStream(again.open(file), 64 * 1024)) {
      int line = 1;
      for (Map.Entry<Integer, List<Place>> wanted : lines.entrySet()) {
        for (; line < wanted.getKey(); line++) {
          line(in, 0);
        }
        String text = line(in, LONGEST_LINE);
        line++;
        wanted.getValue().forEach(place -> found.put(place, Quote.of(text, place.column())));
      }
    } catch (IOException | Failure gone) {
      // It was there a moment ago. Its problems are printed without their lines.
    }
  }

  /// The rest of the line; of a long one the first `most` bytes.
  private static String line(InputStream in, int most) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int one = in.read();
    while (one >= 0 && one != '\n' && one != '\r') {
      if (out.size() < most) {
        out.write(one);
      }
      one = in.read();
    }
    if (one == '\r') {
      in.mark(1);
      if (in.read() != '\n') {
        in.reset();
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
