#include "api/api.h"

enum { MIB = 1 << 20 };

void api_context_defaults(api_context *context, const cvs_engine *engine) {
    *context = (api_context){.engine = engine};
    context->limits.body_bytes = (size_t)64 * MIB;
    context->limits.stream_bytes = (uint64_t)4096 * MIB;
    context->limits.json_bytes = (size_t)128 * MIB;
    context->limits.output_elements = INT64_C(1) << 26;
    context->limits.macs = INT64_C(1) << 40;
    context->limits.workspace_bytes = (size_t)512 * MIB;
}
