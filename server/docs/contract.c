#include "docs/contract.h"

#include <string.h>

const char *contract_text(json_t *node, const char *key) { return json_string_value(json_object_get(node, key)); }

json_t *contract_resolve(const docs_page *page, json_t *node) {
    const char *reference = contract_text(node, "$ref");
    if (!reference) return node;
    json_t *target = page->contract;
    for (const char *step = strchr(reference, '/'); step && target; step = strchr(step, '/')) {
        const size_t length = strcspn(++step, "/");
        target = json_object_getn(target, step, length);
    }
    return target;
}
