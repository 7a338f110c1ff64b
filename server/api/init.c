#include "api/api.h"

#include "api/json_memory.h"

#include <jansson.h>

void api_init(void) {
    json_memory_init();
    json_object_seed(0);
}
