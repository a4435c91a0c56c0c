package dev.ringfence.cli;

import dev.ringfence.core.manifest.Place;
import java.io.IOException;
import java.io.InputStream;
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

  /// What is read behind the last mistake of a line.
  private static final int MOST_BEHIND = 200;

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

  private void read(String file, SortedMap<Integer, List<Place>> wanted, Again again) {
    try (InputStream in = again.open(file)) {
      Lines lines = new Lines(in);
      for (Map.Entry<Integer, List<Place>> line : wanted.entrySet()) {
        lines.skipTo(line.getKey());
        int last = line.getValue().stream().mapToInt(Place::column).max().orElse(1);
        int[] text = lines.rest(Math.min(last, LONGEST_LINE) + MOST_BEHIND);
        line.getValue().forEach(place -> found.put(place, Quote.of(text, place.column())));
      }
    } catch (IOException | Failure gone) {
      // It was there a moment ago. Its problems are printed without their lines.
    }
  }
}
