package dev.ringfence.nftables.netlink;

import java.util.List;

/// One rule of a chain.
///
/// @param comment cut to 127 bytes
public record NftRule(TableName table, String chain, List<Expression> expressions, String comment)
    implements NftObject {
  public NftRule {
    expressions = List.copyOf(expressions);
    comment = UserData.fitting(comment);
  }

  @Override
  public String called() {
    return "chain " + table + " " + chain;
  }
}
