// Reads broadcast frames of permessage-deflate without inflating each.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The text of a compressed message. Equal frames (a broadcast that was compressed once) are inflated once, so that a
// thousand subscribers do not cost this side a thousand inflations. NULL when it is not valid.
const char *inflate_message(const char *payload, size_t length, size_t *text_length);
extern uint64_t inflated_messages;
