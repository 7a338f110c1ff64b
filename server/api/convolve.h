/*
 * convolve.h - a layer with its weights on an input, computed: what every document that asks for one comes down to.
 *
 * A document's reader starts from a zeroed `convolution` and
 *   1. sets `context`, `account`, `interrupt`, `at` and `weights_at` (and `algorithm` with `algorithm_at`), reads the
 * layer into `reading` (layer_read() of layer_input.h), opens the input's source (tensor.h) and says where it stands;
 *   2. calls convolve_infer(): the layer is put on the input's shape, and the weights that it needs are known;
 *   3. opens the source of each weight it has: number i of `needed` belongs in weights[i], convolve_find_weight() knows
 *      i by the weight's name; and calls convolve_check_weights(): every one is there, and of the right shape;
 *   4. calls convolve_compute(): within the limits, `output` has the numbers, in the shape of inference.output.
 * Whatever fails says so in `err`, with a pointer of that document. convolve_free() is due in any case.
 */
#ifndef CONVSCOPE_CONVOLVE_H
#define CONVSCOPE_CONVOLVE_H

#include "api/json_writer.h"
#include "api/layer_input.h"
#include "api/tensor.h"
#include "api/tensor_text.h"

/* Room for the pointer of a tensor: "/weights/depthwise_kernel". */
#define CONVOLVE_POINTER_SIZE 80

/* The input or a weight. Its numbers are where they came, or in `memory`. */
typedef struct convolve_tensor {
    char pointer[CONVOLVE_POINTER_SIZE]; /* where it stands in the document, or should */
    bool given;                          /* of a weight: `source` was opened */
    tensor_source source;
    const float *values; /* once computed with */
    float *memory;       /* owned; NULL when the values are the document's own */
} convolve_tensor;

typedef struct convolution {
    const api_context *context;
    api_account *account;           /* the request's; NULL: memory is not counted */
    const cvs_interrupt *interrupt; /* the request's */

    /* Pointers of the document, borrowed. */
    layer_place at;         /* the layer, and the shape of the input */
    const char *weights_at; /* all weights together */
    const char *algorithm_at;
    const char *weights_advice; /* " A sentence." for those who lack weights; borrowed, or NULL */

    /* What the reader fills in. */
    cvs_reading reading;
    cvs_algorithm algorithm;
    tensor_encoding encoding; /* of the output where it is JSON */
    convolve_tensor input;
    convolve_tensor weights[CVS_MAX_WEIGHTS];

    /* What comes of it. */
    cvs_inference inference;
    cvs_weights needed;      /* in the framework's own order and layout */
    bool needed_should_show; /* weights are missing: a problem should list `needed` */
    float *output;           /* owned; whoever takes it over leaves NULL */
    int64_t output_count;    /* elements */
    cvs_plan *plan;          /* what computed it */
    void *workspace;         /* owned */
    int64_t macs;            /* multiply-adds of all samples together */
    size_t lent;             /* by the account, for what convolve_free() frees */
    double compute_us;
} convolution;

/* One of "auto", "direct", "im2col", "winograd" into c->algorithm. */
cvs_status convolve_set_algorithm(convolution *c, const char *word, cvs_error *err) CVS_NODISCARD;

/* Put c->reading on the shape of c->input.source, which needs one: c->inference, c->needed. */
cvs_status convolve_infer(convolution *c, cvs_error *err) CVS_NODISCARD;

/* Which of c->needed is called `name`, by the framework or, of two weights, "kernel" and "bias"; -1 if none is. */
int convolve_find_weight(const convolution *c, const char *name);

/* All names that convolve_find_weight() knows, the framework's own first; returns how many. */
enum { CONVOLVE_MOST_NAMES = CVS_MAX_WEIGHTS + 2 };
int convolve_weight_names(const convolution *c, const char *names[CONVOLVE_MOST_NAMES]);

/*
 * Is every weight there, and of the shape that the layer needs? Random ones are given theirs, and a multiplier that the
 * layer leaves out is that of the weights (c->inference and c->needed change with it). c->needed_should_show is set
 * when some are missing.
 */
cvs_status convolve_check_weights(convolution *c, cvs_error *err) CVS_NODISCARD;

/* CVS_INVALID at `pointer`: `what`, and the weights that are needed; sets c->needed_should_show. */
cvs_status convolve_fail_needed(convolution *c, const char *code, const char *pointer, const char *what,
                                cvs_error *err);

/*
 * Compute c->output. CVS_TOO_LARGE beyond a limit of the context, or of the account, known before anything is
 * allocated; CVS_INVALID for a number that cannot be read, CVS_UNSUPPORTED, CVS_NO_MEMORY. The account goes on holding
 * the output.
 */
cvs_status convolve_compute(convolution *c, cvs_error *err) CVS_NODISCARD;

/* What is owned; a zeroed one is fine. */
void convolve_free(convolution *c);

/* ---- convolve_output.c: what JSON documents say of it ---- */

/* The elements of the output that are infinite or NaN, and null in JSON. */
int64_t convolve_count_non_finite(const convolution *c);
/* The output as c->encoding has it; a long one for who `takes_flow` is left out as the writer's gap. */
void convolve_write_data(const convolution *c, bool takes_flow, json_writer *writer);
/* "algorithm", "isa", "threads", "blas": members of the object that is open. */
void convolve_write_execution(const convolution *c, json_writer *writer);
/* 200 with what was written, the output's numbers in its gap. */
void convolve_respond(convolution *c, json_writer *writer, api_response *response);
/* The problem; where weights are missing, with the list of those that are needed. */
void convolve_refuse(const convolution *c, cvs_error *error, api_response *response);

/* convolve_weights.c, for convolve_compute(): read the weights that were checked. */
cvs_status convolve_read_weights(convolution *c, cvs_error *err) CVS_NODISCARD;

/* convolve.c: c->input or a weight, random numbers in [-scale, scale). */
cvs_status convolve_load(convolve_tensor *tensor, float scale, cvs_error *err) CVS_NODISCARD;

/* The position of the output's axis that counts filters (or channels, where there are no filters). */
int convolve_filter_axis(const cvs_tensor_shape *output);

#endif
