#include "model/rules/rule.h"

#define BIT(name)  CVS__KIND_BIT(name)
#define WEIGHTED   (BIT(CONV) | BIT(DENSE))
#define EACH_LAYER CVS__EACH_LAYER
#define THE_MODEL  CVS__THE_MODEL

const cvs__model_rule cvs__model_rules[] = {
    {18, EACH_LAYER, BIT(CONV), cvs__check_border_layer},
    {19, EACH_LAYER, BIT(CONV), cvs__check_critical_layer},
    {20, EACH_LAYER, BIT(CONV), cvs__check_one_axis},
    {21, THE_MODEL, 0, cvs__check_field_too_small},
    {22, THE_MODEL, 0, cvs__check_field_theoretical},
    {26, EACH_LAYER, BIT(CONV), cvs__check_transposed_size},
    {27, EACH_LAYER, 0, cvs__check_skip_size},
    {28, EACH_LAYER, 0, cvs__check_flatten_size},
    {29, EACH_LAYER, BIT(FLATTEN), cvs__check_flatten_order},
    {32, EACH_LAYER, WEIGHTED, cvs__check_bias_before_norm},
    {33, EACH_LAYER, WEIGHTED, cvs__check_linear_pair},
    {34, EACH_LAYER, BIT(ACTIVATION), cvs__check_double_activation},
    {35, EACH_LAYER, BIT(DROPOUT), cvs__check_dropout_before_norm},
    {36, EACH_LAYER, BIT(DROPOUT), cvs__check_dropout_before_pool},
    {37, EACH_LAYER, BIT(DROPOUT), cvs__check_dropout_rate},
    {38, EACH_LAYER, BIT(DENSE), cvs__check_final_activation},
    {39, THE_MODEL, 0, cvs__check_pool_after_every_conv},
    {40, EACH_LAYER, BIT(CONV), cvs__check_filters_shrink},
    {41, EACH_LAYER, BIT(CONV), cvs__check_window_shrinks},
    {42, EACH_LAYER, BIT(DENSE), cvs__check_dense_grows},
    {43, EACH_LAYER, BIT(CONV) | BIT(POOL), cvs__check_bottleneck},
    {45, EACH_LAYER, BIT(CONV), cvs__check_channels_mix},
    {46, EACH_LAYER, BIT(DENSE), cvs__check_dense_share},
    {47, EACH_LAYER, 0, cvs__check_mac_share},
    {48, THE_MODEL, 0, cvs__check_memory},
    {49, CVS__EACH_LIMIT, 0, cvs__check_budget},
    {53, EACH_LAYER, 0, cvs__check_unused},
    {53, THE_MODEL, 0, cvs__check_unused_input},
    {54, THE_MODEL, 0, cvs__check_incomplete},
    {55, EACH_LAYER, 0, cvs__check_reshape},
    {57, EACH_LAYER, 0, cvs__check_declared_shape},
};

const int cvs__model_rule_count = sizeof cvs__model_rules / sizeof *cvs__model_rules;
