#include "api/api.h"

#include <jansson.h>

void api_init(void) { json_object_seed(0); }
