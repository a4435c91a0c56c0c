package dev.ringfence.nftables.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A [Batch] read again: which of its requests, and which element, the kernel means, and parts of
/// it to try alone.
///
/// @param out the messages, written over and over by the batch
/// @param steps one for each message but the last
record WrittenBatch(MessageWriter out, List<Step> steps) {
  static final String ADD_ELEMENTS = "add elements to ";
  static final String DELETE_ELEMENTS = "delete elements of ";

  /// A message: where it starts, what it does to what; the words for it are made when they are
  /// needed.
  record Step(int at, String verb, @Nullable NftObject object) {
    String request() {
      return object == null ? verb : verb + object.called();
    }
  }

  /// How many requests it holds, the beginning of the transaction included.
  int requests() {
    return steps.size();
  }

  /// How many elements the request with this number adds or deletes; 0 if it is about anything
  /// else.
  int elements(int request) {
    Step step = steps.get(request);
    return isOfElements(step.verb()) ? elementsOf(step).size() : 0;
  }

  /// The first so many requests, of the last only the first so many elements, and no end: the
  /// kernel tries all of it and then does nothing.
  ///
  /// @param elements all of them where there are fewer
  byte[] rehearsal(int requests, int elements, int first) {
    Step last = steps.get(requests - 1);
    int end = last.at() + lengthAt(last.at());
    int cut = end;
    if (isOfElements(last.verb())) {
      List<Attributes.Attribute> all = elementsOf(last);
      cut = elements >= all.size() ? end : all.get(elements).start();
    }
    byte[] part = Arrays.copyOf(out.buffer(), cut);
    ByteBuffer view = ByteBuffer.wrap(part).order(ByteOrder.nativeOrder());
    for (int i = 0; i < requests; i++) {
      view.putInt(steps.get(i).at() + 8, first + i);
    }
    view.putShort(last.at() + 6, (short) (view.getShort(last.at() + 6) | Nft.ACK));
    if (cut < end) {
      int list = elementsOf(last).getFirst().start() - 4;
      view.putInt(last.at(), cut - last.at());
      view.putShort(list, (short) (cut - list));
    }
    return part;
  }

  private int lengthAt(int at) {
    return ByteBuffer.wrap(out.buffer()).order(ByteOrder.nativeOrder()).getInt(at);
  }

  /// What one request is, as a refusal; of a single element of it, if that is known.
  ///
  /// @param element -1 for none
  KernelRefused refusedAt(int request, int element, int errno) {
    Step step = steps.get(request);
    if (element < 0 || !(step.object() instanceof NftSet set)) {
      return new KernelRefused(
          errno,
          step.request(),
          Optional.empty(),
          Optional.ofNullable(step.object()),
          Optional.empty(),
          List.of());
    }
    return refused(step, set, Optional.of(key(elementsOf(step).get(element))), errno, "");
  }

  private static KernelRefused refused(
      Step step, NftSet set, Optional<Bytes> key, int errno, String text) {
    String request =
        key.map(one -> step.request().replace("elements", "element " + set.print(one)))
            .orElse(step.request());
    Optional<String> words = text.isEmpty() ? Optional.empty() : Optional.of(text);
    return new KernelRefused(errno, request, words, Optional.of(set), key, List.of());
  }

  /// What was refused, down to the element that the kernel points at.
  KernelRefused refused(Refusal refusal, int first) {
    int index = refusal.sequence() - first;
    if (index < 0 || index >= steps.size()) {
      return new KernelRefused(refusal.errno(), "end a transaction", refusal.text());
    }
    Step step = steps.get(index);
    if (step.object() instanceof NftSet set && isOfElements(step.verb())) {
      Optional<Bytes> key =
          refusal.offset().isPresent()
              ? element(step, step.at() + refusal.offset().getAsInt())
              : Optional.empty();
      return refused(step, set, key, refusal.errno(), refusal.text().orElse(""));
    }
    return new KernelRefused(
        refusal.errno(),
        step.request(),
        refusal.text(),
        Optional.ofNullable(step.object()),
        Optional.empty(),
        List.of());
  }

  private static boolean isOfElements(String verb) {
    return verb.equals(ADD_ELEMENTS) || verb.equals(DELETE_ELEMENTS);
  }

  /// The key of the element that holds this offset.
  private Optional<Bytes> element(Step step, int offset) {
    return elementsOf(step).stream()
        .filter(one -> one.start() <= offset && offset < one.end())
        .findFirst()
        .map(WrittenBatch::key);
  }

  private static Bytes key(Attributes.Attribute element) {
    return ExpressionCodec.readValue(element.nested().nested(Nft.ELEMENT_KEY));
  }

  private List<Attributes.Attribute> elementsOf(Step step) {
    byte[] sent = Arrays.copyOf(out.buffer(), out.size());
    return Attributes.parse(
            sent, step.at() + MessageWriter.HEADER + 4, step.at() + lengthAt(step.at()))
        .nested(Nft.ELEMENTS)
        .all();
  }
}
