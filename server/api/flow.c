#include "api/flow.h"

#include <stdlib.h>
#include <string.h>

/* Numbers that one core makes text of at a time, and how many of these blocks are made at once. */
enum { BLOCK = 2049, BLOCKS = 64 };
_Static_assert(BLOCK % TENSOR_RUN_STEP == 0, "a block is a run");

struct api_flow {
    const cvs_engine *engine;
    char *text; /* all but the tensor, which goes before byte number `gap` */
    size_t length, gap;
    bool begun, ended; /* the text before the gap, and that behind it, was begun to be read */
    tensor_text tensor;
    float *values;                              /* its data; owned */
    size_t made;                                /* elements that are text, in blocks or read already */
    char *room;                                 /* of BLOCKS blocks */
    size_t block_room;                          /* bytes */
    size_t block_length[BLOCKS], blocks, block; /* those filled, and the next one to be read */
    const char *piece;                          /* what is being read */
    size_t piece_left;
};

api_flow *flow_create(const cvs_engine *engine, json_writer *writer, const tensor_text *tensor, float *values) {
    api_flow *flow = calloc(1, sizeof *flow);
    const size_t gap = writer->gap, block_room = tensor_text_room(tensor, BLOCK);
    size_t length = 0;
    cvs_allowance *allowance = writer->text.allowance;
    const bool allowed = !allowance || allowance->take(allowance, BLOCKS * block_room);
    char *text = json_writer_take(writer, &length), *room = allowed ? malloc(BLOCKS * block_room) : NULL;
    if (!flow || !text || !room) {
        free(flow);
        free(text);
        free(room);
        free(values);
        return NULL;
    }
    *flow = (api_flow){.engine = engine,
                       .text = text,
                       .length = length,
                       .gap = gap,
                       .tensor = *tensor,
                       .values = values,
                       .room = room,
                       .block_room = block_room};
    return flow;
}

size_t api_flow_bytes(const api_flow *flow) {
    return flow->length + flow->tensor.count * sizeof *flow->values + BLOCKS * flow->block_room;
}

void api_flow_free(api_flow *flow) {
    if (!flow) return;
    free(flow->text);
    free(flow->values);
    free(flow->room);
    free(flow);
}

static void fill_block(void *context, int64_t part) {
    api_flow *flow = context;
    const size_t first = flow->made + (size_t)part * BLOCK, left = flow->tensor.count - first;
    flow->block_length[part] = tensor_text_write(&flow->tensor, first, left < BLOCK ? left : BLOCK,
                                                 flow->room + (size_t)part * flow->block_room);
}

static void fill_blocks(api_flow *flow) {
    const size_t left = flow->tensor.count - flow->made, blocks = (left + BLOCK - 1) / BLOCK;
    flow->blocks = blocks < BLOCKS ? blocks : BLOCKS;
    flow->block = 0;
    cvs_engine_share(flow->engine, (int64_t)flow->blocks, fill_block, flow);
    flow->made = left < (size_t)BLOCKS * BLOCK ? flow->tensor.count : flow->made + (size_t)BLOCKS * BLOCK;
}

static void set_piece(api_flow *flow, const char *bytes, size_t length) {
    flow->piece = bytes;
    flow->piece_left = length;
}

/* False at the end. */
static bool next_piece(api_flow *flow) {
    if (!flow->begun) {
        flow->begun = true;
        set_piece(flow, flow->text, flow->gap);
        return true;
    }
    if (flow->block == flow->blocks && flow->made < flow->tensor.count) fill_blocks(flow);
    if (flow->block < flow->blocks) {
        set_piece(flow, flow->room + flow->block * flow->block_room, flow->block_length[flow->block]);
        flow->block++;
        return true;
    }
    if (flow->ended) return false;
    flow->ended = true;
    set_piece(flow, flow->text + flow->gap, flow->length - flow->gap);
    return true;
}

size_t api_flow_read(api_flow *flow, char *out, size_t size) {
    size_t filled = 0;
    while (filled < size && (flow->piece_left > 0 || next_piece(flow))) {
        const size_t rest = size - filled, part = flow->piece_left < rest ? flow->piece_left : rest;
        memcpy(out + filled, flow->piece, part);
        set_piece(flow, flow->piece + part, flow->piece_left - part);
        filled += part;
    }
    return filled;
}
