#include "api/oip/model.h"

#include <stdio.h>
#include <string.h>

const char oip_model_name[] = "convolve", oip_model_version[] = "1";

/* What the route leaves open: /v2/models/{model}[/versions/{version}]. */
enum { MODEL, VERSION };

bool oip_model_asked(const api_request *request, api_response *response) {
    const char *model = request->path_value[MODEL], *version = request->path_value[VERSION];
    char detail[256];
    if (!model || strcmp(model, oip_model_name) != 0) {
        snprintf(detail, sizeof detail, "There is no model \"%.64s\" here; the one there is, is \"%s\".",
                 model ? model : "", oip_model_name);
        api_problem(response, 404, "unknown-model", detail);
        return false;
    }
    if (version && strcmp(version, oip_model_version) != 0) {
        snprintf(detail, sizeof detail, "The model \"%s\" has no version \"%.64s\"; the one it has, is \"%s\".",
                 oip_model_name, version, oip_model_version);
        api_problem(response, 404, "unknown-model-version", detail);
        return false;
    }
    return true;
}
