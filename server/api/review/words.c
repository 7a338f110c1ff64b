#include "api/review/words.h"

#include <stdio.h>
#include <string.h>

const char *review_state_name(cvs_model_state state) {
    static const char *const names[] = {"open", "known", "waiting", "unknown", "failed"};
    return names[state];
}

const char *review_layer_name(const review *r, int layer) {
    int count;
    const cvs_model_layer *layers = cvs_model_layers(r->model, &count);
    return layer < 0 ? NULL : layers[layer].name;
}

const char *review_plight(const review *r, int layer) {
    int count;
    const cvs_model_state state = cvs_model_layers(r->model, &count)[layer].state;
    if (state == CVS_MODEL_UNKNOWN) return "not known here";
    return state == CVS_MODEL_FAILED && !review_has_error(r, layer) ? "impossible" : NULL;
}

cvs_model_layer review_input_row(const review *r, const int *tensor) {
    int count;
    const cvs_model_tensor *made = &cvs_model_tensors(r->model, &count)[*tensor];
    const cvs_framework framework = cvs_model_framework(r->model);
    const bool keras = framework == CVS_KERAS || framework == CVS_KERAS1;
    return (cvs_model_layer){.name = made->name,
                             .type = keras ? "InputLayer" : "Input",
                             .pointer = "",
                             .outputs = tensor,
                             .output_count = 1,
                             .state = made->ranked ? CVS_MODEL_KNOWN : CVS_MODEL_WAITING,
                             .output_bytes = cvs_model_tensor_bytes(made),
                             .live_bytes = CVS_DIM_UNKNOWN};
}

void review_json_pointer(json_writer *writer, const review_text *text, const char *below) {
    const size_t within = text->is_json ? strlen(text->within) : 0, length = strlen(below);
    char pointer[2 * sizeof((cvs_error *)0)->pointer];
    if (within + length >= sizeof pointer) return;
    memcpy(pointer, text->within, within);
    memcpy(pointer + within, below, length);
    json_key(writer, "pointer");
    json_write_text(writer, pointer, within + length);
}

/* ---- totals ----------------------------------------------------------------------- */

#define SUM(name)   offsetof(cvs_model_totals, name)
#define SHARE(name) offsetof(cvs_model_layer, name)

const review_sum review_sums[] = {
    {"parameters", "Parameters", SUM(parameters), SHARE(parameters), false},
    {"trainable", "Trainable parameters", SUM(trainable), SHARE(trainable), false},
    {"macs", "Multiply-adds (MACs)", SUM(macs), SHARE(cost.macs), false},
    {"flops", "FLOPs", SUM(flops), SHARE(cost.flops), false},
    {"activation_bytes", "All activations", SUM(activation_bytes), SHARE(output_bytes), true},
    {"peak_bytes", "Activations alive at once", SUM(peak_bytes), SHARE(live_bytes), true},
    {"weights_bytes", "Weights", SUM(weights_bytes), SHARE(cost.weights_bytes), true},
    {NULL, NULL, 0, 0, false},
};

const cvs_model_sum *review_sum_of(const cvs_model_totals *totals, const review_sum *sum) {
    return (const cvs_model_sum *)(const void *)((const char *)totals + sum->in_totals);
}

static bool has_type(const review_types *types, const char *type) {
    for (int i = 0; i < types->count; i++)
        if (strcmp(types->type[i], type) == 0) return true;
    return false;
}

void review_not_counted(const review *r, const review_sum *sum, review_types *out) {
    int count;
    const cvs_model_layer *layers = cvs_model_layers(r->model, &count);
    out->count = 0;
    for (int i = 0; i < count && out->count < REVIEW_TYPES_MAX; i++) {
        const int64_t *share = (const int64_t *)(const void *)((const char *)&layers[i] + sum->in_layer);
        if (*share < 0 && !has_type(out, layers[i].type)) out->type[out->count++] = layers[i].type;
    }
}

/* ---- texts ------------------------------------------------------------------------- */

void review_add_plain(const char *text, cvs_text *out) {
    for (; *text; text++) {
        const unsigned char c = (unsigned char)text[0], next = (unsigned char)text[1];
        const bool control = c < ' ' || c == 0x7F || (c == 0xC2 && next >= 0x80 && next < 0xA0);
        cvs_text_append(out, control ? "?" : text, 1);
        text += control && c == 0xC2;
    }
}

void review_add_layer(const review *r, int layer, cvs_text *out) {
    int count;
    const cvs_model_layer *seen = &cvs_model_layers(r->model, &count)[layer];
    review_add_plain(seen->name, out);
    cvs_text_add(out, " (");
    review_add_plain(seen->type, out);
    cvs_text_add(out, ")");
}

void review_add_shape(const review *r, const cvs_model_tensor *tensor, cvs_text *out) {
    if (!tensor->ranked) {
        cvs_text_add(out, "?");
        return;
    }
    cvs_text_add(out, "(");
    for (int i = 0; i < tensor->shape.rank; i++) {
        const cvs_dim dim = tensor->shape.dim[i];
        if (i > 0) cvs_text_add(out, ", ");
        if (cvs_dim_is_known(dim))
            cvs_text_add_int(out, dim);
        else if (cvs_dim_is_symbolic(dim))
            cvs_dim_format(r->wish->names.symbols, dim, out);
        else
            cvs_text_add(out, "None");
    }
    cvs_text_add(out, tensor->shape.rank == 1 ? ",)" : ")");
}

void review_add_count(int64_t count, cvs_text *out) {
    char digits[24];
    if (count < 0) {
        cvs_text_add(out, "?");
        return;
    }
    const int length = snprintf(digits, sizeof digits, "%lld", (long long)count);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) cvs_text_add(out, ",");
        cvs_text_append(out, &digits[i], 1);
    }
}

void review_add_bytes(int64_t bytes, cvs_text *out) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t unit = 0;
    for (; value >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++) value /= 1024;
    if (bytes < 0)
        cvs_text_add(out, "?");
    else
        cvs_text_addf(out, unit ? "%.2f %s" : "%.0f %s", value, units[unit]);
}

static void add_sizes(const cvs_receptive_field *field, cvs_text *out) {
    for (int i = 0; i < field->rank; i++) {
        if (i > 0) cvs_text_add(out, "x");
        if (field->size[i] < 0)
            cvs_text_add(out, "?");
        else
            cvs_text_add_int(out, field->size[i]);
    }
}

void review_add_field(const cvs_model_field *field, cvs_text *out) {
    const cvs_receptive_field *least = &field->least, *most = &field->most;
    const bool differ = memcmp(least->size, most->size, (size_t)most->rank * sizeof *most->size) != 0;
    if (most->rank == 0) cvs_text_add(out, "-");
    if (differ) {
        add_sizes(least, out);
        cvs_text_add(out, "..");
    }
    add_sizes(most, out);
}

void review_add_verdict(const review *r, cvs_text *out) {
    static const char *const words[][2] = {{"note", "notes"}, {"warning", "warnings"}, {"error", "errors"}};
    for (int level = CVS_ERROR; level >= CVS_NOTE; level--) {
        const int count = r->counts[level];
        cvs_text_addf(out, "%s%d %s", level == CVS_ERROR ? "" : ", ", count, words[level][count != 1]);
    }
    if (r->failed) cvs_text_addf(out, "; %d %s that cannot be", r->failed, r->failed == 1 ? "layer" : "layers");
    if (r->ignored) cvs_text_addf(out, "; %d ignored by comments", r->ignored);
    if (r->known) cvs_text_addf(out, "; %d known from the baseline", r->known);
}
