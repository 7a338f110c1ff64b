/*
 * test_defects.c - per rule a model that has the defect, and its repaired twin: found in the first, silent in the
 * second.
 */
#include "net.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *defects_suite(void);

/* A model with a defect, and the same repaired. */
typedef struct twin {
    const char *rule;
    const char *layer;   /* whose finding it is; "" for the model as a whole */
    const char *message; /* a part of it, in English */
    const char *fix;     /* a part of it; "" for none */
    const char *defect, *repaired;
    void (*options)(cvs_review_options *options); /* NULL: the usual ones */
} twin;

/* ---- what was asked for ------------------------------------------------------------- */

static void ask_all(cvs_review_options *o) { o->rules = cvs_rule_set_all(); }
static void expect_probabilities(cvs_review_options *o) { o->loss = CVS_LOSS_OF_PROBABILITIES; }
static void give_memory(cvs_review_options *o) { o->thresholds.memory_bytes = 40000; }
static void allow_parameters(cvs_review_options *o) { o->budget.parameters = 500; }
static void allow_macs(cvs_review_options *o) { o->budget.macs = 100000; }
static void allow_activations(cvs_review_options *o) { o->budget.activation_bytes = 40000; }
static void allow_peak(cvs_review_options *o) { o->budget.peak_bytes = 40000; }
static void allow_weights(cvs_review_options *o) { o->budget.weights_bytes = 2000; }
static void ask_field(cvs_review_options *o) { o->budget.receptive_field = 5; }
static void move_weights(cvs_review_options *o) { o->weights_move = true; }

/* ---- the models -------------------------------------------------------------------------- */

#define IMAGE "x (None, 32, 32, 3)\n"

/* A chain of convolutions that halves three times: its field is 29 before the last one. */
#define DEEP(size)                                                                                                     \
    "x (None, " size ", " size ", 3)\n"                                                                                \
    "a = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n"                                             \
    "b = Conv2D(8, 3, strides=2, padding='same', activation='relu') < a\n"                                             \
    "c = Conv2D(8, 3, strides=2, padding='same', activation='relu') < b\n"                                             \
    "d = Conv2D(8, 3, padding='same', activation='relu') < c\n"                                                        \
    "e = Conv2D(8, 3, padding='same', activation='relu') < d\n"                                                        \
    "g = GlobalAveragePooling2D() < e\n"                                                                               \
    "> g\n"

static const twin fields[] = {
    /* 3, 7, 15, 31, 47: with 20 positions d is the first that sees more than there is, e the first that only reads
       such. */
    {"CV018", "e", "(receptive field 31 x 31, input 20 x 20)", "larger than 31 x 31", DEEP("20"), DEEP("32"), NULL},
    {"CV019", "d", "d sees 31 x 31, more than the input of 20 x 20", "at least 31 x 31", DEEP("20"), DEEP("48"), NULL},
    {"CV020", "c", "Along width c sees 7, more than the 5", "smaller along width",
     "x (None, 100, 5, 1)\n"
     "a = Conv2D(4, 3, padding='same', activation='relu') < x\n"
     "b = Conv2D(4, 3, padding='same', activation='relu') < a\n"
     "c = Conv2D(4, 3, padding='same', activation='relu') < b\n"
     "> c\n",
     "x (None, 100, 5, 1)\n"
     "a = Conv2D(4, (3, 1), padding='same', activation='relu') < x\n"
     "b = Conv2D(4, (3, 3), padding='same', activation='relu') < a\n"
     "c = Conv2D(4, (3, 3), padding='same', activation='relu') < b\n"
     "> c\n",
     NULL},
    {"CV021", "b", "sees 5 x 5 of the input's 32 x 32", "at most 5 x 5",
     IMAGE "a = Conv2D(8, 3, activation='relu') < x\nb = Conv2D(8, 3, activation='relu') < a\n> b\n",
     IMAGE "a = Conv2D(8, 3, activation='relu') < x\nb = Conv2D(8, 3, activation='relu') < a\n"
           "g = GlobalAveragePooling2D() < b\n> g\n",
     NULL},
    {"CV021", "b", "sees 3 x 3 of the input's 32 x 32", "at most 3 x 3",
     IMAGE "a = Activation('tanh') < x\nb = Conv2D(8, 3, activation='relu') < a\n> b\n",
     IMAGE "a = Activation('tanh') < x\nb = Conv2D(8, 3, activation='relu') < a\n"
           "g = GlobalAveragePooling2D() < b\n> g\n",
     NULL},
    {"CV022", "", "up to 3 x 3, in a", "", IMAGE "a = Conv2D(8, 3, activation='relu') < x\n> a\n",
     "x (None, 10)\na = Dense(8, activation='relu') < x\n> a\n", NULL},
};

static const twin sizes[] = {
    {"CV026", "u", "Along height d turns 23 into 12 in steps of 2, and u turns that back into 24", "",
     "x (None, 23, 24, 3)\n"
     "d = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n"
     "u = Conv2DTranspose(3, 4, strides=2, padding='same') < d\n> u\n",
     "x (None, 24, 24, 3)\n"
     "d = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n"
     "u = Conv2DTranspose(3, 4, strides=2, padding='same') < d\n> u\n",
     NULL},
    {"CV026", "u", "d turns 24 into 12 in steps of 2, and u turns that back into 23",
     "output_padding of 1 along height",
     "x (None, 3, 24, 24)\n"
     "d = nn.Conv2d(3, 8, 3, stride=2, padding=1) < x\n"
     "u = nn.ConvTranspose2d(8, 3, 3, stride=2, padding=1) < d\n> u\n",
     "x (None, 3, 24, 24)\n"
     "d = nn.Conv2d(3, 8, 3, stride=2, padding=1) < x\n"
     "u = nn.ConvTranspose2d(8, 3, 3, stride=2, padding=1, output_padding=1) < d\n> u\n",
     NULL},
    {"CV026", "v", "d turns 23 into 12 in steps of 2, and v turns that back into 24", "multiple of 4, such as 24",
     "x (None, 23, 23, 3)\nd = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n"
     "e = Conv2D(8, 3, strides=2, padding='same', activation='relu') < d\n"
     "u = Conv2DTranspose(8, 4, strides=2, padding='same', activation='relu') < e\n"
     "v = Conv2DTranspose(3, 4, strides=2, padding='same') < u\n> v\n",
     "x (None, 24, 24, 3)\nd = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n"
     "e = Conv2D(8, 3, strides=2, padding='same', activation='relu') < d\n"
     "u = Conv2DTranspose(8, 4, strides=2, padding='same', activation='relu') < e\n"
     "v = Conv2DTranspose(3, 4, strides=2, padding='same') < u\n> v\n",
     NULL},
    /* A U-Net of two levels: 30 is divisible by 2, 15 is not. */
    {"CV027", "j", "differ along height. On the way q makes 7 of 15 in steps of 2", "multiple of 4, such as 32",
     "x (None, 30, 30, 3)\n"
     "a = Conv2D(8, 3, padding='same', activation='relu') < x\np = MaxPooling2D(2) < a\n"
     "b = Conv2D(8, 3, padding='same', activation='relu') < p\nq = MaxPooling2D(2) < b\n"
     "c = Conv2D(8, 3, padding='same', activation='relu') < q\nu = UpSampling2D(2) < c\n"
     "j = Concatenate() < u b\nv = UpSampling2D(2) < j\nk = Concatenate() < v a\n> k\n",
     "x (None, 32, 32, 3)\n"
     "a = Conv2D(8, 3, padding='same', activation='relu') < x\np = MaxPooling2D(2) < a\n"
     "b = Conv2D(8, 3, padding='same', activation='relu') < p\nq = MaxPooling2D(2) < b\n"
     "c = Conv2D(8, 3, padding='same', activation='relu') < q\nu = UpSampling2D(2) < c\n"
     "j = Concatenate() < u b\nv = UpSampling2D(2) < j\nk = Concatenate() < v a\n> k\n",
     NULL},
    /* Of two that round, the nearer one. */
    {"CV027", "j", "On the way q makes 6 of 13", "multiple of 4, such as 28",
     "x (None, 27, 27, 3)\np = MaxPooling2D(2) < x\nq = MaxPooling2D(2) < p\nu = UpSampling2D(4) < q\n"
     "j = Concatenate() < u x\n> j\n",
     "x (None, 28, 28, 3)\np = MaxPooling2D(2) < x\nq = MaxPooling2D(2) < p\nu = UpSampling2D(4) < q\n"
     "j = Concatenate() < u x\n> j\n",
     NULL},
    {"CV027", "s", "On the way b makes 30 of 32, for its kernel has no padding", "Give b padding",
     IMAGE "a = Conv2D(8, 1) < x\nb = Conv2D(8, 3, activation='relu') < a\ns = Add() < a b\n> s\n",
     IMAGE "a = Conv2D(8, 1) < x\nb = Conv2D(8, 3, padding='same', activation='relu') < a\ns = Add() < a b\n> s\n",
     NULL},
    {"CV027", "s", "On the way b makes 16 of 32 in steps of 2, and the other branch does not", "steps of 2",
     IMAGE "a = Conv2D(8, 1) < x\nb = Conv2D(8, 3, strides=2, padding='same', activation='relu') < a\n"
           "s = Add() < a b\n> s\n",
     IMAGE "a = Conv2D(8, 1) < x\nb = Conv2D(8, 3, strides=2, padding='same', activation='relu') < a\n"
           "p = MaxPooling2D(2) < a\ns = Add() < p b\n> s\n",
     NULL},
    {"CV027", "s", "they differ along channels", "1x1 convolution with 8 filters on the branch of b",
     IMAGE "a = Conv2D(8, 1) < x\nb = Conv2D(16, 1, activation='relu') < a\ns = Add() < a b\n> s\n",
     IMAGE "a = Conv2D(8, 1) < x\nb = Conv2D(8, 1, activation='relu') < a\ns = Add() < a b\n> s\n", NULL},
    {"CV028", "d", "expects 400 features, and gets 800: that is how many numbers f makes", "input features to 800",
     "x (None, 8, 10, 10)\nf = nn.Flatten() < x\nd = nn.Linear(400, 10) < f\n> d\n",
     "x (None, 8, 10, 10)\nf = nn.Flatten() < x\nd = nn.Linear(800, 10) < f\n> d\n", NULL},
    {"CV028", "d", "expects 40 features, and gets 30.", "input features to 30",
     "x (None, 30)\nd = nn.Linear(40, 10) < x\n> d\n", "x (None, 30)\nd = nn.Linear(30, 10) < x\n> d\n", NULL},
    {"CV029", "f", "c is channels_first, and f flattens", "data_format channels_first",
     "x (None, 3, 8, 8)\nc = Conv2D(4, 3, data_format='channels_first', activation='relu') < x\n"
     "f = Flatten() < c\nd = Dense(10) < f\n> d\n",
     "x (None, 3, 8, 8)\nc = Conv2D(4, 3, data_format='channels_first', activation='relu') < x\n"
     "f = Flatten(data_format='channels_first') < c\nd = Dense(10) < f\n> d\n",
     NULL},
    {"CV029", "f", "the rows of the dense kernel must be permuted", "",
     IMAGE "c = Conv2D(4, 3, activation='relu') < x\nf = Flatten() < c\nd = Dense(10) < f\n> d\n",
     IMAGE "c = Conv2D(4, 3, activation='relu') < x\nf = GlobalAveragePooling2D() < c\nd = Dense(10) < f\n> d\n",
     move_weights},
    {"CV055", "r", "(None, 4, 6) have 24 numbers each, which do not come out even in (None, 5, 5)", "",
     "x (None, 4, 6)\nr = Reshape((5, 5)) < x\n> r\n", "x (None, 4, 6)\nr = Reshape((3, 8)) < x\n> r\n", NULL},
};

static const twin pairs[] = {
    {"CV032", "c", "b subtracts the mean of each channel, and so the bias of c as well: 8 parameters", "use_bias=False",
     IMAGE "c = Conv2D(8, 3) < x\nb = BatchNormalization() < c\nr = ReLU() < b\n> r\n",
     IMAGE "c = Conv2D(8, 3, use_bias=False) < x\nb = BatchNormalization() < c\nr = ReLU() < b\n> r\n", NULL},
    {"CV032", "c", "1 parameter without any effect", "Give c bias=False",
     "x (None, 20)\nc = nn.Linear(20, 1) < x\nb = nn.BatchNorm1d(1) < c\n> b\n",
     "x (None, 20)\nc = nn.Linear(20, 1) < x\nb = nn.LayerNorm(1) < c\n> b\n", NULL},
    {"CV032", "c", "8 parameters", "use_bias=False", IMAGE "c = Conv2D(8, 3) < x\nb = BatchNormalization() < c\n> b\n",
     IMAGE "c = Conv2D(8, 3) < x\nb = BatchNormalization() < c\n> b c\n", NULL},
    {"CV033", "c", "Nothing between c and d is non-linear", "Give c an activation",
     IMAGE "c = Conv2D(8, 3) < x\nb = BatchNormalization() < c\nd = Conv2D(16, 3) < b\n> d\n",
     IMAGE "c = Conv2D(8, 3) < x\nb = BatchNormalization() < c\nr = ReLU() < b\nd = Conv2D(16, 3) < r\n> d\n", NULL},
    {"CV033", "c", "Nothing between c and d is non-linear", "make the two one layer",
     "x (None, 20)\nc = Dense(40) < x\nd = Dense(10) < c\n> d\n",
     "x (None, 20)\nc = Dense(4) < x\nd = Dense(10) < c\n> d\n", NULL}, /* of low rank */
    {"CV033", "c", "", "", IMAGE "c = Conv2D(8, (3, 3)) < x\nd = Conv2D(8, (1, 3)) < c\n> d\n",
     IMAGE "c = Conv2D(8, (3, 1)) < x\nd = Conv2D(8, (1, 3)) < c\n> d\n", NULL},
    {"CV033", "c", "", "", IMAGE "c = Conv2D(16, 3) < x\nd = Conv2D(16, 1) < c\n> d\n",
     IMAGE "c = DepthwiseConv2D(3) < x\nd = Conv2D(16, 1) < c\n> d\n", NULL},
    {"CV034", "r", "r (relu) works on what c (relu) has activated already, and changes nothing", "Remove one",
     IMAGE "c = Conv2D(8, 3, activation='relu') < x\nr = ReLU() < c\n> r\n",
     IMAGE "c = Conv2D(8, 3) < x\nr = ReLU() < c\n> r\n", NULL},
    {"CV034", "t", "t (tanh) works on what s (sigmoid) has activated already.", "",
     "x (None, 8)\ns = nn.Sigmoid() < x\nt = nn.Tanh() < s\n> t\n",
     "x (None, 8)\ns = nn.Sigmoid() < x\nl = nn.Linear(8, 8) < s\nt = nn.Tanh() < l\n> t\n", NULL},
    {"CV035", "d", "d drops 30 % of what b normalises", "Put d behind b",
     IMAGE "d = Dropout(0.3) < x\nb = BatchNormalization() < d\n> b\n",
     IMAGE "b = BatchNormalization() < x\nd = Dropout(0.3) < b\n> d\n", NULL},
    {"CV036", "d", "p takes the largest of each window of 2 x 2", "Put d behind p",
     IMAGE "d = Dropout(0.3) < x\np = MaxPooling2D(2) < d\n> p\n",
     IMAGE "d = SpatialDropout2D(0.3) < x\np = MaxPooling2D(2) < d\n> p\n", NULL},
    {"CV036", "d", "", "", IMAGE "d = Dropout(0.3) < x\np = MaxPooling2D(2) < d\n> p\n",
     IMAGE "d = Dropout(0.3) < x\np = AveragePooling2D(2) < d\n> p\n", NULL},
    {"CV037", "d", "d drops 75 % of its values, more than 50 %", "at most 50 %",
     "x (None, 20)\nd = Dropout(0.75) < x\n> d\n", "x (None, 20)\nd = Dropout(0.5) < x\n> d\n", NULL},
    {"CV038", "d", "d gives 10 numbers without an activation", "activation softmax",
     "x (None, 20)\nd = Dense(10) < x\n> d\n", "x (None, 20)\nd = Dense(10, activation='softmax') < x\n> d\n",
     expect_probabilities},
    {"CV038", "d", "d gives 1 number without", "activation sigmoid", "x (None, 20)\nd = Dense(1) < x\n> d\n",
     "x (None, 20)\nd = Dense(1) < x\ns = Activation('sigmoid') < d\n> s\n", expect_probabilities},
};

#define POOLED(n, from)                                                                                                \
    "c" n " = Conv2D(8, 3, padding='same', activation='relu') < " from "\np" n " = MaxPooling2D(2) < c" n "\n"

static const twin style[] = {
    {"CV039", "", "Each of the 4 convolutions", "two or more",
     IMAGE POOLED("0", "x") POOLED("1", "p0") POOLED("2", "p1") POOLED("3", "p2") "> p3\n",
     IMAGE POOLED("0", "x") POOLED("1", "p0") POOLED("2", "p1") POOLED("3", "p2") "c = Conv2D(8, 1) < p3\n> c\n",
     ask_all},
    {"CV040", "b", "b has 8 filters after the 16 of a", "at least 16",
     IMAGE "a = Conv2D(16, 3, activation='relu') < x\nb = Conv2D(8, 3, strides=2) < a\n> b\n",
     IMAGE "a = Conv2D(16, 3, activation='relu') < x\nb = Conv2D(8, 3, padding='same') < a\n> b\n", ask_all},
    {"CV041", "c", "the kernel of c is 3, after 5 in b", "same kernel size",
     IMAGE "a = Conv2D(8, 7, activation='relu') < x\nb = Conv2D(8, 5, activation='relu') < a\n"
           "c = Conv2D(8, 3, activation='relu') < b\n> c\n",
     IMAGE "a = Conv2D(8, 7, activation='relu') < x\nb = Conv2D(8, 5, activation='relu') < a\n"
           "c = Conv2D(8, 5, activation='relu') < b\n> c\n",
     ask_all},
    {"CV042", "b", "b has 40 units after the 10 of a", "at most 10",
     "x (None, 20)\na = Dense(10, activation='relu') < x\nb = Dense(40) < a\n> b\n",
     "x (None, 20)\na = Dense(10, activation='relu') < x\nb = Dense(10) < a\n> b\n", ask_all},
};

static const twin channels[] = {
    {"CV043", "p", "p makes 512 numbers of 8,192 in one step: 6.25 %, less than 12.5 %", "in several steps",
     IMAGE "a = Conv2D(8, 3, padding='same', activation='relu') < x\np = MaxPooling2D(4) < a\n"
           "c = Conv2D(8, 1) < p\n> c\n",
     IMAGE "a = Conv2D(8, 3, padding='same', activation='relu') < x\np = MaxPooling2D(2) < a\n"
           "c = Conv2D(8, 1) < p\n> c\n",
     NULL},
    {"CV045", "d", "The 3 channels of d are filtered one by one", "1x1 convolution behind d",
     IMAGE "d = DepthwiseConv2D(3) < x\nr = ReLU() < d\ng = GlobalAveragePooling2D() < r\n> r\n",
     IMAGE "d = DepthwiseConv2D(3) < x\nr = ReLU() < d\ng = Conv2D(8, 1) < r\n> g\n", NULL},
    {"CV045", "d", "never mixed before the output", "",
     IMAGE "d = DepthwiseConv2D(3, padding='same') < x\nk = Concatenate() < d x\n> k\n",
     IMAGE "d = DepthwiseConv2D(3, padding='same') < x\nk = Concatenate() < d x\nm = Conv2D(8, 1) < k\n> m\n", NULL},
    {"CV045", "b", "into the same 4 groups as a does", "Shuffle",
     IMAGE "p = Conv2D(8, 1, activation='relu') < x\na = Conv2D(8, 3, groups=4, activation='relu') < p\n"
           "b = Conv2D(8, 3, groups=4, activation='relu') < a\n> b\n",
     IMAGE "p = Conv2D(8, 1, activation='relu') < x\na = Conv2D(8, 3, groups=4, activation='relu') < p\n"
           "m = Conv2D(8, 1, activation='relu') < a\nb = Conv2D(8, 3, groups=4, activation='relu') < m\n> b\n",
     NULL},
};

static const twin sums[] = {
    {"CV046", "d", "d holds 81,930 of the 82,154 parameters of the model: 99.7 %", "90 parameters are left in d",
     IMAGE "c = Conv2D(8, 3, padding='same', activation='relu') < x\nf = Flatten() < c\nd = Dense(10) < f\n> d\n",
     IMAGE "c = Conv2D(8, 3, padding='same', activation='relu') < x\nf = GlobalAveragePooling2D() < c\n"
           "d = Dense(10) < f\n> d\n",
     NULL},
    {"CV047", "b", "b does 589,824 of the 877,568 MACs of the model: 67.2 %", "",
     IMAGE "a = Conv2D(8, 3, padding='same', activation='relu') < x\nb = Conv2D(8, 3, padding='same') < a\n"
           "c = Conv2D(8, 1, activation='relu') < b\n"
           "g = GlobalAveragePooling2D() < c\nd = Dense(128) < g\n> d\n",
     IMAGE "a = Conv2D(8, 3, padding='same', activation='relu') < x\nb = Conv2D(8, 2, padding='same') < a\n"
           "c = Conv2D(8, 2, padding='same', activation='relu') < b\n"
           "g = GlobalAveragePooling2D() < c\nd = Dense(128) < g\n> d\n",
     NULL},
    {"CV048", "a", "While a runs 45,056 bytes of activations are alive in each sample, more than the 40,000",
     "Downsample", IMAGE "a = Conv2D(8, 3, padding='same', activation='relu') < x\n> a\n",
     IMAGE "a = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n> a\n", give_memory},
    {"CV049", "", "The model has 896 parameters, more than the 500", "", IMAGE "a = Conv2D(32, 3) < x\n> a\n",
     IMAGE "a = Conv2D(16, 3) < x\n> a\n", allow_parameters},
    {"CV049", "", "The model has 777,600 MACs, more than the 100,000", "", IMAGE "a = Conv2D(32, 3) < x\n> a\n",
     IMAGE "a = Conv2D(4, 3) < x\n> a\n", allow_macs},
    {"CV049", "", "The model has 115,200 bytes of activations, more", "", IMAGE "a = Conv2D(32, 3) < x\n> a\n",
     IMAGE "a = Conv2D(8, 3) < x\n> a\n", allow_activations},
    {"CV049", "", "The model has 127,488 bytes alive at once, more", "", IMAGE "a = Conv2D(32, 3) < x\n> a\n",
     IMAGE "a = Conv2D(4, 3) < x\n> a\n", allow_peak},
    {"CV049", "", "The model has 3,584 bytes of weights, more", "", IMAGE "a = Conv2D(32, 3) < x\n> a\n",
     IMAGE "a = Conv2D(16, 3) < x\n> a\n", allow_weights},
    {"CV049", "", "see 3 positions of the input on an axis, fewer than the 5", "", IMAGE "a = Conv2D(32, 3) < x\n> a\n",
     IMAGE "a = Conv2D(32, 5) < x\n> a\n", ask_field},
    {"CV053", "b", "Nothing reads what b makes, and it is no output of the model.", "Remove b",
     IMAGE "a = Conv2D(8, 3) < x\nb = Conv2D(4, 3) < a\n> a\n",
     IMAGE "a = Conv2D(8, 3) < x\nb = Conv2D(4, 3) < a\n> a b\n", NULL},
    {"CV053", "d", "3 layers from b on work for nothing", "Remove the 3 layers from b to d",
     IMAGE "a = Conv2D(8, 3) < x\nb = Conv2D(4, 3) < a\nc = ReLU() < b\nd = Conv2D(4, 1) < c\n> a\n",
     IMAGE "a = Conv2D(8, 3) < x\n> a\n", NULL},
    {"CV053", "", "Nothing reads the input y of the model", "", IMAGE "y (None, 4)\na = Conv2D(8, 3) < x\n> a\n",
     IMAGE "y (None, 4)\na = Conv2D(8, 3) < x\nb = Dense(2) < y\n> a b\n", NULL},
    {"CV054", "", "2 of 3 layers lack a figure: l (Lambda). The totals are lower bounds", "",
     IMAGE "a = Conv2D(8, 3) < x\nl = Lambda() < a\nb = Conv2D(8, 3) < l\n> b\n",
     IMAGE "a = Conv2D(8, 3) < x\nb = Conv2D(8, 3) < a\n> b\n", NULL},
    {"CV054", "", "1 of 1 layers lacks a figure: a (Conv2D)", "",
     "x (None, None, None, 3)\na = Conv2D(8, 3) < x\n> a\n", IMAGE "a = Conv2D(8, 3) < x\n> a\n", NULL},
};

/* Models that come near to a defect and have none: the rule is silent on that layer, on all where it is "". */
typedef struct quiet {
    const char *rule, *layer, *model;
    void (*options)(cvs_review_options *options);
} quiet;

static const quiet quiets[] = {
    /* A 1x1 kernel claims no context. */
    {"CV018", "",
     "x (None, 9, 9, 3)\na = Conv2D(8, 7, padding='same', activation='relu') < x\n"
     "b = Conv2D(8, 7, padding='same', activation='relu') < a\nc = Conv2D(8, 1) < b\n> c\n",
     NULL},
    /* The first layer that sees more has the finding, those behind it do not repeat it. */
    {"CV020", "c",
     "x (None, 100, 5, 1)\na = Conv2D(4, 3, padding='same', activation='relu') < x\n"
     "b = Conv2D(4, 5, padding='same', activation='relu') < a\n"
     "c = Conv2D(4, 3, padding='same', activation='relu') < b\n> c\n",
     NULL},
    {"CV026", "",
     "x (None, 23, 23, 3)\nd = Conv2D(8, 3, strides=2, padding='same', activation='relu') < x\n"
     "u = {'op': 'conv_transpose', 'filters': 3, 'kernel': [3, 3], 'stride': [2, 2], 'output_size': [24, 24]} < d\n> "
     "u\n",
     NULL},
    /* A single position has no order. */
    {"CV029", "", IMAGE "c = Conv2D(4, 32, activation='relu') < x\nf = Flatten() < c\nd = Dense(10) < f\n> d\n",
     move_weights},
    /* The second use of the layer is not normalised: it needs its bias. */
    {"CV032", "", IMAGE "y (None, 32, 32, 3)\nc = Conv2D(8, 3) < x\nb = BatchNormalization() < c\nd = @c < y\n> b d\n",
     NULL},
    {"CV033", "", IMAGE "y (None, 32, 32, 3)\nc = Conv2D(8, 3) < x\ne = Conv2D(16, 3) < c\nd = @c < y\n> e d\n", NULL},
    /* A block of MobileNet ends linear. */
    {"CV033", "",
     IMAGE "a = DepthwiseConv2D(3) < x\nr = ReLU() < a\nc = Conv2D(3, 1) < r\nb = BatchNormalization() < c\n"
           "d = Conv2D(18, 1, activation='relu') < b\n> d\n",
     NULL},
    /* What the model answers is small. */
    {"CV043", "",
     IMAGE "a = Conv2D(400, 1, activation='relu') < x\nb = Conv2D(21, 1) < a\nu = UpSampling2D(2) < b\n> u\n", NULL},
    {"CV043", "", IMAGE "p = AveragePooling2D(32) < x\nd = Conv2D(10, 1) < p\n> d\n", NULL},
    /* Softmax mixes the channels. */
    {"CV045", "", IMAGE "d = DepthwiseConv2D(3) < x\ns = Softmax() < d\n> s\n", NULL},
    /* Where all layers are dense, one of them has most. */
    {"CV046", "", "x (None, 100)\na = Dense(100, activation='relu') < x\nb = Dense(2) < a\n> b\n", NULL},
};

/* ---- looking --------------------------------------------------------------------------------- */

static cvs_review review(const net *n, const twin *t, cvs_language language) {
    cvs_review_options options = cvs_review_options_default();
    cvs_review out;
    options.language = language;
    if (t->options) t->options(&options);
    ck_assert_int_eq(cvs_model_findings(n->arena, n->model, &options, &out, NULL), CVS_OK);
    return out;
}

static const char *layer_name(const net *n, const cvs_model_finding *finding) {
    int count;
    return finding->layer < 0 ? "" : cvs_model_layers(n->model, &count)[finding->layer].name;
}

/* The finding of the twin's rule on its layer, or NULL. */
static const cvs_model_finding *look_for(const net *n, const twin *t, const cvs_review *in) {
    for (int i = 0; i < in->count; i++)
        if (strcmp(in->finding[i].rule->id, t->rule) == 0 && strcmp(layer_name(n, &in->finding[i]), t->layer) == 0)
            return &in->finding[i];
    return NULL;
}

static void check_found(const net *n, const twin *t) {
    const cvs_review english = review(n, t, CVS_ENGLISH);
    const cvs_model_finding *found = look_for(n, t, &english);
    ck_assert_msg(found != NULL, "%s is not found in %s", t->rule, t->defect);
    ck_assert_msg(strstr(found->message, t->message) != NULL, "%s: %s", t->rule, found->message);
    ck_assert_msg(*t->fix ? strstr(found->fix, t->fix) != NULL : true, "%s: %s", t->rule, found->fix);
    ck_assert_int_eq(found->level, found->rule->level);
    const cvs_review chinese = review(n, t, CVS_CHINESE);
    const cvs_model_finding *translated = look_for(n, t, &chinese);
    ck_assert_int_eq(chinese.count, english.count);
    ck_assert_str_ne(found->message, translated->message);
    const char *const texts[] = {found->message, found->fix, translated->message, translated->fix};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!strstr(texts[i], "{?}"), "%s lacks a value: %s", t->rule, texts[i]);
}

static void check_twin(const twin *t) {
    net defect = net_read(t->defect), repaired = net_read(t->repaired);
    check_found(&defect, t);
    const cvs_review clean = review(&repaired, t, CVS_ENGLISH);
    for (int i = 0; i < clean.count; i++)
        ck_assert_msg(strcmp(clean.finding[i].rule->id, t->rule) != 0, "%s is still found: %s", t->rule,
                      clean.finding[i].message);
    net_free(&defect);
    net_free(&repaired);
}

static void check_quiet(const quiet *q) {
    const twin asked = {.rule = q->rule, .options = q->options};
    net n = net_read(q->model);
    const cvs_review found = review(&n, &asked, CVS_ENGLISH);
    for (int i = 0; i < found.count; i++) {
        const cvs_model_finding *one = &found.finding[i];
        ck_assert_msg(one->rule->scope == CVS_SCOPE_LAYER || one->level != CVS_ERROR, "%s", one->message);
        if (strcmp(one->rule->id, q->rule) == 0 && (!*q->layer || strcmp(layer_name(&n, one), q->layer) == 0))
            ck_abort_msg("%s: %s", q->rule, one->message);
    }
    net_free(&n);
}

START_TEST(near_misses) { check_quiet(&quiets[_i]); }
END_TEST

START_TEST(receptive_fields) { check_twin(&fields[_i]); }
END_TEST

START_TEST(sizes_that_do_not_fit) { check_twin(&sizes[_i]); }
END_TEST

START_TEST(neighbours) { check_twin(&pairs[_i]); }
END_TEST

START_TEST(matters_of_taste) { check_twin(&style[_i]); }
END_TEST

START_TEST(channels_and_bottlenecks) { check_twin(&channels[_i]); }
END_TEST

START_TEST(shares_limits_and_gaps) { check_twin(&sums[_i]); }
END_TEST

/* Every rule on models has a twin here; CV057 and CV058, which text cannot have, are tried in test_review.c. */
START_TEST(no_rule_is_left_out) {
    const struct {
        const twin *twins;
        size_t count;
    } all[] = {{fields, sizeof fields / sizeof *fields},       {sizes, sizeof sizes / sizeof *sizes},
               {pairs, sizeof pairs / sizeof *pairs},          {style, sizeof style / sizeof *style},
               {channels, sizeof channels / sizeof *channels}, {sums, sizeof sums / sizeof *sums}};
    size_t count = 0;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t r = 0; r < count; r++) {
        bool tried = rules[r].scope == CVS_SCOPE_LAYER || strcmp(rules[r].id, "CV057") >= 0;
        for (size_t a = 0; a < sizeof all / sizeof *all; a++)
            for (size_t t = 0; t < all[a].count; t++) tried |= strcmp(all[a].twins[t].rule, rules[r].id) == 0;
        ck_assert_msg(tried, "no model has the defect of %s", rules[r].id);
    }
}
END_TEST

#define COUNT(twins) (int)(sizeof(twins) / sizeof *(twins))

Suite *defects_suite(void) {
    Suite *suite = suite_create("defects");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, receptive_fields, 0, COUNT(fields));
    tcase_add_loop_test(core, sizes_that_do_not_fit, 0, COUNT(sizes));
    tcase_add_loop_test(core, neighbours, 0, COUNT(pairs));
    tcase_add_loop_test(core, matters_of_taste, 0, COUNT(style));
    tcase_add_loop_test(core, channels_and_bottlenecks, 0, COUNT(channels));
    tcase_add_loop_test(core, shares_limits_and_gaps, 0, COUNT(sums));
    tcase_add_loop_test(core, near_misses, 0, COUNT(quiets));
    tcase_add_test(core, no_rule_is_left_out);
    suite_add_tcase(suite, core);
    return suite;
}
