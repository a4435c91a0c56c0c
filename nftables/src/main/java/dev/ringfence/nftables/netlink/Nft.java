package dev.ringfence.nftables.netlink;

/// Numbers of nf_tables' messages, named as in the kernel's header without their prefix.
final class Nft {
  static final int SUBSYSTEM = 10;

  static final int NEW_TABLE = 0;
  static final int GET_TABLE = 1;
  static final int DELETE_TABLE = 2;
  static final int NEW_CHAIN = 3;
  static final int GET_CHAIN = 4;
  static final int DELETE_CHAIN = 5;
  static final int NEW_RULE = 6;
  static final int GET_RULE = 7;
  static final int DELETE_RULE = 8;
  static final int NEW_SET = 9;
  static final int GET_SET = 10;
  static final int DELETE_SET = 11;
  static final int NEW_ELEMENT = 12;
  static final int GET_ELEMENT = 13;
  static final int DELETE_ELEMENT = 14;
  static final int NEW_GENERATION = 15;
  static final int GET_GENERATION = 16;
  static final int NEW_OBJECT = 18;
  static final int GET_OBJECT = 19;
  static final int DELETE_OBJECT = 20;

  static final int BATCH_BEGIN = 16;
  static final int BATCH_END = 17;

  static final int REQUEST = 1;
  static final int ACK = 4;
  static final int CREATE = 0x400;
  static final int APPEND = 0x800;

  /// Attributes that every kind of message begins with.
  static final int TABLE = 1;

  static final int TABLE_FLAGS = 2;
  static final int TABLE_USERDATA = 6;
  static final int CHAIN_NAME = 3;
  static final int CHAIN_HOOK = 4;
  static final int CHAIN_POLICY = 5;
  static final int CHAIN_TYPE = 7;
  static final int HOOK_NUMBER = 1;
  static final int HOOK_PRIORITY = 2;
  static final int HOOK_DEVICE = 3;
  static final int HOOK_DEVICES = 4;
  static final int DEVICE_NAME = 1;
  static final int RULE_CHAIN = 2;
  static final int RULE_EXPRESSIONS = 4;
  static final int RULE_USERDATA = 7;
  static final int SET_NAME = 2;
  static final int SET_FLAGS = 3;
  static final int SET_KEY_TYPE = 4;
  static final int SET_KEY_LENGTH = 5;
  static final int SET_DATA_TYPE = 6;
  static final int SET_DATA_LENGTH = 7;
  static final int SET_DESCRIPTION = 9;
  static final int SET_ID = 10;
  static final int SET_USERDATA = 13;
  static final int DESCRIPTION_SIZE = 1;
  static final int DESCRIPTION_FIELDS = 2;
  static final int FIELD = 1;
  static final int FIELD_LENGTH = 1;
  static final int ELEMENTS_SET = 2;
  static final int ELEMENTS = 3;
  static final int ELEMENT = 1;
  static final int ELEMENT_KEY = 1;
  static final int ELEMENT_DATA = 2;
  static final int ELEMENT_FLAGS = 3;
  static final int ELEMENT_USERDATA = 6;
  static final int ELEMENT_PAD = 8;
  static final int ELEMENT_KEY_END = 10;
  static final int OBJECT_NAME = 2;
  static final int OBJECT_TYPE = 3;
  static final int OBJECT_DATA = 4;
  static final int GENERATION_ID = 1;

  static final int VERDICT_DATA = 0xFFFFFF00;

  /// What `nft` keeps in the user data of tables, of sets and of rules.
  static final int COMMENT_OF_TABLE = 0;

  static final int COMMENT_OF_RULE = 0;
  static final int COMMENT_OF_SET = 7;
  static final int KEY_ORDER_OF_SET = 0;
  static final int DATA_ORDER_OF_SET = 1;

  private Nft() {}
}
