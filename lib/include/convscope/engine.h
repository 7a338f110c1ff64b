/*
 * engine.h - executes layers: engine -> plan -> execute.
 *
 * An engine is made once per process: it finds out what the CPU can do and
 * proves the BLAS. A plan is made once per layer and input shape: it checks,
 * chooses the algorithm and packs the weights. Executing a plan computes and
 * does nothing else: no allocation, no failure. Engines and plans are
 * immutable after creation and may be shared between threads; each concurrent
 * execution needs a workspace of its own. What a plan computes is the same, bit
 * for bit, for any number of threads.
 *
 * Arithmetic is float32. NaN and infinity propagate as in the plain sum.
 */
#ifndef CONVSCOPE_ENGINE_H
#define CONVSCOPE_ENGINE_H

#include <convscope/layer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- engine ------------------------------------------------------------ */

typedef enum cvs_isa { CVS_ISA_PORTABLE = 0, CVS_ISA_AVX2, CVS_ISA_AVX512, CVS_ISA_COUNT } cvs_isa;

/* "portable", "avx2", "avx512". */
CVS_API const char *cvs_isa_name(cvs_isa isa);

/* The best level that CPUID reports and the operating system saves the registers of (XGETBV). */
CVS_API cvs_isa cvs_isa_detect(void);

/* A zeroed struct is the default. */
typedef struct cvs_engine_options {
    bool without_blas; /* never call the BLAS: the engine's own kernels instead */
    bool cap_isa;      /* use at most `isa` */
    cvs_isa isa;
    int threads; /* how many may compute one layer together; 0: one for each core the process may use */
} cvs_engine_options;

typedef struct cvs_engine cvs_engine;

/*
 * Create an engine. Sets OpenBLAS to one thread (it is called from many), then proves it: a few dozen small and
 * odd-sized products against a plain double loop, in a child process since a bad kernel may crash, within 50 ms on a
 * healthy machine (a child that has not answered after 5 s counts as failed). Where the proof fails the
 * engine computes with its own kernels and says so in cvs_engine_describe(). Call it before the
 * process starts threads. It starts `threads` - 1 of its own, with all signals blocked, that help to execute plans
 * while cores are idle. CVS_NO_MEMORY, also when the system has no more threads to give. A proven BLAS whose kernels
 * are of a lower level than the engine's own (OpenBLAS does not know every CPU) is not used either: it would only be
 * slower.
 */
CVS_API cvs_status cvs_engine_create(const cvs_engine_options *options, cvs_engine **out, cvs_error *err) CVS_NODISCARD;
CVS_API void cvs_engine_free(cvs_engine *engine); /* NULL is fine; after all of its plans */

/* All text is the engine's. */
typedef struct cvs_engine_info {
    cvs_isa isa;
    bool blas_used;        /* false: own products */
    const char *blas;      /* for execution.blas: "OpenBLAS 0.3.21 SkylakeX", or "own avx2 kernels (OpenBLAS 0.3.21
                              Haswell failed its proof: sgemm 3x5x7 differs)" */
    const char *blas_note; /* advice for the start-up log, or "": OPENBLAS_CORETYPE asks for less than the CPU
                              has, or why the BLAS is not used */
    double proof_ms;       /* how long the proof took */
    int threads;           /* that may compute one layer together */
} cvs_engine_info;
CVS_API void cvs_engine_describe(const cvs_engine *engine, cvs_engine_info *out);

/*
 * Call run(context, part) for the parts 0..parts - 1, each once and in any order, on the calling thread and on those of
 * the engine's whose cores are idle: for what a caller does with many numbers before or after a plan. Returns when all
 * are done, and what they wrote is visible then. Several threads may call it at once; a part must not.
 */
CVS_API void cvs_engine_share(const cvs_engine *engine, int64_t parts, void (*run)(void *context, int64_t part),
                              void *context);

/* ---- plan -------------------------------------------------------------- */

typedef enum cvs_algorithm {
    CVS_ALGORITHM_AUTO = 0,
    CVS_ALGORITHM_DIRECT,  /* plain loops in the order of the definition */
    CVS_ALGORITHM_IM2COL,  /* columns + matrix product; for 1x1 the product alone */
    CVS_ALGORITHM_WINOGRAD /* fewer multiplications and larger errors; 2D, 3x3, stride and dilation 1, one group */
} cvs_algorithm;

/* "auto", "direct", "im2col", "winograd". */
CVS_API const char *cvs_algorithm_name(cvs_algorithm algorithm);
CVS_API bool cvs_algorithm_from_name(const char *name, cvs_algorithm *algorithm);

typedef struct cvs_tensor {
    const float *data; /* row-major in the order of its shape; borrowed */
    cvs_shape shape;
} cvs_tensor;

typedef struct cvs_plan cvs_plan;

/*
 * Plan `inference` (every size known, the batch too; input in the layer's data format) with `weights` in the
 * layer's framework's own order and layout, as cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO) lists them. The weights
 * are packed into the plan and not referenced afterwards. CVS_INVALID when a size is unknown or a weight's shape is not
 * the expected one (pointer "/weights/0", ...), CVS_UNSUPPORTED for a layer that is not computed yet, or not by the
 * algorithm asked for (pointer "/algorithm"), CVS_TOO_LARGE, CVS_NO_MEMORY. Layers without a kernel are computed in one
 * way, whatever is asked for. Winograd's method is also what CVS_ALGORITHM_AUTO takes for large layers; its outputs err
 * by less than 1e-4 of the largest of them (normally distributed numbers: by some 4e-6 with 512 channels; the worst
 * case stands in lib/engine/winograd.h). Weights that are not finite, or near the end of float32's range, are computed
 * by sums even where it was asked for.
 */
CVS_API cvs_status cvs_plan_create(const cvs_engine *engine, const cvs_inference *inference, const cvs_tensor *weights,
                                   size_t weight_count, cvs_algorithm algorithm, cvs_plan **out,
                                   cvs_error *err) CVS_NODISCARD;
CVS_API void cvs_plan_free(cvs_plan *plan);

CVS_API const cvs_inference *cvs_plan_inference(const cvs_plan *plan);

/* Bytes that the plan holds, the packed weights: up to four times the weights where Winograd's method is used. */
CVS_API size_t cvs_plan_bytes(const cvs_plan *plan);

/* Bytes of the workspace that one execution needs, aligned to 64: never more than twice the output's and
   CVS_WORKSPACE_A_THREAD for each thread of the engine, whatever the layer (there is no matrix of all columns). */
#define CVS_WORKSPACE_A_THREAD (6 << 20)
CVS_API size_t cvs_plan_workspace_bytes(const cvs_plan *plan);

/*
 * What the plan came to:
 *   "direct"         sums in loops: small or grouped convolutions, depthwise ones; pools, norms, upsampling, ...
 *   "implicit-gemm"  a matrix product of tiles of the output that reads the input in place, without columns
 *   "im2col"         columns of the input, then a matrix product
 *   "gemm"           the product alone, where the kernel is 1x1 or the layer is dense
 *   "winograd4"      Winograd's method by tiles of 4x4 cells
 *   "winograd2"      the same by tiles of 2x2 cells
 *   "copy"           numbers only change places: reshape, permute, padding, cropping, nearest upsampling, dropout, ...
 * A separable layer tells that of its pointwise part, a transposed one that of its first phase. The text is static.
 */
CVS_API const char *cvs_plan_algorithm(const cvs_plan *plan);

/*
 * output[o...] = activation(bias + sum of input * kernel), cross-correlation as every framework computes it.
 * What else is computed, by the formulas of layer.h; the layer's activation comes last in all of them:
 *   Transposed    each phase of the output (o + p_before mod s) as a convolution of the input. Beyond the input's edges
 *                 it sees zeros: there a weight that is not finite gives NaN, as it does in any padded convolution.
 *   Separable     sample by sample, and where its in*multiplier maps would dwarf the output, tile by tile.
 *   Max pools     NaN if the window holds one, as in PyTorch (TensorFlow's CPU kernels may lose it). Padding is never
 *                 the largest; a window of nothing but padding gives -infinity.
 *   Average pools the sum in float32, in the order depth, height, width, divided by `divisor`, else by the number of
 *                 cells in the window: those of the input, with count_include_pad those of the padded input (not what
 *                 ceil_mode adds past it). A window without any gives NaN.
 *   Upsampling    nearest: input floor(o*i/o_size), PyTorch with a scale floor(o/scale). Linear and cubic look at
 *                 (o + 1/2)*scale - 1/2 (half-pixel centres), the edge repeated; cubic by Keys's kernel with a = -0.75
 *                 as in PyTorch, in Keras with -0.5 as in TensorFlow, which leaves out what lies outside.
 *                 CVS_UNSUPPORTED for ONNX: its Resize has rules that a layer does not keep.
 *   Batch norm    by the moving averages, without running_stats by those of the batch; group and layer norm by those of
 *                 each sample, the variance divided by n, not n - 1.
 *   Dropout       as when a trained model runs: nothing.
 * Merges have several inputs and are not computed here: CVS_UNSUPPORTED.
 * `input` and `output` as in the inference, row-major, not overlapping; `workspace` of
 * cvs_plan_workspace_bytes(), aligned to 64 bytes, or NULL when that is 0.
 */
CVS_API void cvs_plan_execute(const cvs_plan *plan, const float *input, float *output, void *workspace);

/*
 * Somebody who may want a computation to end early. `wanted` is asked thousands of times a second, by every thread that
 * computes; once it has said yes it must go on saying so. A flag that is read is quick enough, a system call is not.
 */
typedef struct cvs_interrupt {
    bool (*wanted)(const void *context);
    const void *context;
} cvs_interrupt;

/*
 * The same, unless `interrupt` (NULL: nobody) wants it to end: then it returns false within some milliseconds, and
 * what `output` and `workspace` hold means nothing. Convolutions and pools look out for it; what only moves numbers
 * ends by itself as soon.
 */
CVS_API bool cvs_plan_execute_until(const cvs_plan *plan, const float *input, float *output, void *workspace,
                                    const cvs_interrupt *interrupt) CVS_NODISCARD;

#ifdef __cplusplus
}
#endif

#endif
