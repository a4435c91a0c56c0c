package dev.ringfence.nftables.proof;

/// Something that packets have, such as the address of who opened the connection.
///
/// @param index its place in every [Region]
record Field(int index, String name, Domain domain) {}
