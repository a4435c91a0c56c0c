package dev.ringfence.nftables.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MessageWriterTest {
  /// Every kind of attribute, often enough that each of them is once the one that makes it grow.
  @Test
  void whatIsWrittenIsReadAtAnyPlaceOfTheBuffer() {
    for (int shift = 0; shift < 16; shift++) {
      MessageWriter out = new MessageWriter();
      int at = out.beginMessage(7, 0);
      out.zeroes(4 * shift);
      for (int i = 0; i < 5000; i++) {
        out.u8(1, i);
        out.u16(2, i);
        out.u32(3, i);
        out.u64(4, i);
        out.text(5, "text");
        out.value(6, Bytes.ofShort(i));
      }
      out.endMessage(at);
      NetlinkMessage read =
          NetlinkMessage.parse(java.util.Arrays.copyOf(out.buffer(), out.size())).getFirst();
      List<Attributes.Attribute> all = read.attributes(4 * shift).all();
      assertEquals(30_000, all.size());
      for (int i = 0; i < 5000; i++) {
        assertEquals(i & 0xFF, all.get(6 * i).u8());
        assertEquals(i, all.get(6 * i + 1).u16());
        assertEquals(i, all.get(6 * i + 2).u32());
        assertEquals(i, all.get(6 * i + 3).u64());
        assertEquals("text", all.get(6 * i + 4).text());
        assertEquals(Bytes.ofShort(i), all.get(6 * i + 5).value());
      }
    }
  }
}
