package dev.ringfence.nftables.netlink;

/// What one request of a transaction is about.
public sealed interface NftObject permits TableName, NftChain, NftRule, NftSet, NftCounter {
  /// Its kind and its name, `set inet ringfence peers_17_4`; of a rule, those of its chain.
  String called();
}
