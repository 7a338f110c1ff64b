/* csv.c - the layers of a review as CSV (RFC 4180): a header, then a line a layer. */
#include "api/review/rows.h"

#include <string.h>

static void add_quoted(const char *text, cvs_text *out) {
    cvs_text_add(out, "\"");
    for (; *text; text++) {
        if (*text == '"') cvs_text_add(out, "\"");
        cvs_text_append(out, text, 1);
    }
    cvs_text_add(out, "\"");
}

/* Empty where it is not known. */
static void add_number(int64_t number, cvs_text *out) {
    cvs_text_add(out, ",");
    if (number >= 0) cvs_text_add_int(out, number);
}

typedef struct lines {
    cvs_text *out;
    cvs_text cell;
} lines;

static void add_tensors(lines *all, const review *r, const int *tensors, int count, bool names) {
    int known;
    const cvs_model_tensor *tensor = cvs_model_tensors(r->model, &known);
    cvs_text_clear(&all->cell);
    for (int i = 0; i < count; i++) {
        if (i > 0) cvs_text_add(&all->cell, names ? " " : "; ");
        if (names)
            cvs_text_add(&all->cell, tensor[tensors[i]].name);
        else
            review_add_shape(r, &tensor[tensors[i]], &all->cell);
    }
    if (all->cell.failed) all->out->failed = true;
    cvs_text_add(all->out, ",");
    add_quoted(all->cell.data ? all->cell.data : "", all->out);
}

static void write_line(const review *r, const cvs_model_layer *layer, void *context) {
    lines *all = context;
    add_quoted(layer->name, all->out);
    cvs_text_add(all->out, ",");
    add_quoted(layer->type, all->out);
    cvs_text_addf(all->out, ",%s", review_state_name(layer->state));
    add_tensors(all, r, layer->inputs, layer->input_count, true);
    add_tensors(all, r, layer->inputs, layer->input_count, false);
    add_tensors(all, r, layer->outputs, layer->output_count, false);
    add_number(layer->parameters, all->out);
    add_number(layer->trainable, all->out);
    add_number(layer->cost.macs, all->out);
    add_number(layer->cost.flops, all->out);
    cvs_text_add(all->out, ",");
    if (layer->field.most.rank > 0) review_add_field(&layer->field, all->out);
    add_number(layer->output_bytes, all->out);
    add_number(layer->live_bytes, all->out);
    cvs_text_add(all->out, "\r\n");
}

void review_write_csv(const review *r, cvs_text *out) {
    lines all = {.out = out};
    cvs_text_add(out, "name,type,state,inputs,input_shapes,output_shape,parameters,trainable,macs,flops,"
                      "receptive_field,output_bytes,live_bytes\r\n");
    review_each_row(r, write_line, &all);
    cvs_text_free(&all.cell);
}
