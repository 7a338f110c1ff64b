#include "layer/rules/rule.h"

/* ---- CV006: channels first or last? ------------------------------------------------------- */

/* Images have 1, 3 or 4 channels, and sides that are not far apart. */
static bool looks_like_image_channels(cvs_dim size) { return size == 1 || size == 3 || size == 4; }

static cvs_data_format other_format(const cvs_layer *layer) {
    return layer->data_format == CVS_CHANNELS_LAST ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
}

/* The spatial axis that would be the channels if the data had the other format. */
static int other_channels(const cvs__subject *subject) {
    return subject->inference->layer.data_format == CVS_CHANNELS_LAST ? 0 : subject->rank - 1;
}

bool cvs__check_channel_axis(const cvs__subject *subject, int axis) {
    const cvs_dim many = 16, smallest_side = 4, widest_ratio = 8;
    int other = other_channels(subject);
    if (subject->channels <= many || !looks_like_image_channels(subject->axis[other].i)) return false;
    if (subject->rank == 1) return !cvs__check_length_swap(subject, axis);
    for (int a = 0; a < subject->rank; a++) {
        cvs_dim side = subject->axis[a].i;
        if (a != other && (side <= smallest_side || side < subject->channels / widest_ratio)) return false;
    }
    return true;
}

void cvs__describe_channel_axis(cvs__found *found) {
    const cvs_layer *layer = &found->subject->inference->layer;
    found->message = RULES_CV006_MESSAGE;
    cvs__put(found, RULES_VALUE_CHANNELS, found->subject->channels);
    cvs__put(found, RULES_VALUE_OTHER, found->subject->axis[other_channels(found->subject)].i);
    found->value[RULES_VALUE_FORMAT] = cvs__string(cvs_data_format_name(layer->data_format));
    found->value[RULES_VALUE_OTHER_FORMAT] = cvs__string(cvs_data_format_name(other_format(layer)));
    found->layer.data_format = other_format(layer);
    found->layer.in_channels = 0;
    (void)cvs__repair_try(found, RULES_CV006_FIX);
}

/* ---- CV007: a signal's length taken for its channels --------------------------------------- */

bool cvs__check_length_swap(const cvs__subject *subject, int axis) {
    const cvs_dim shortest_signal = 50;
    return subject->rank == 1 && subject->axis[0].i == 1 && subject->channels >= shortest_signal;
}

void cvs__describe_length_swap(cvs__found *found) {
    const cvs_layer *layer = &found->subject->inference->layer;
    bool last = layer->data_format == CVS_CHANNELS_LAST;
    found->message = RULES_CV007_MESSAGE;
    cvs__put(found, RULES_VALUE_CHANNELS, found->subject->channels);
    found->input.dim[cvs__spatial_position(layer->data_format, 0)] = found->subject->channels;
    found->input.dim[cvs__channel_position(layer->data_format, 1)] = 1;
    found->layer.in_channels = 0;
    (void)cvs__repair_try(found, last ? RULES_CV007_FIX_LAST : RULES_CV007_FIX_FIRST);
}

/* ---- CV052: channels in eights --------------------------------------------------------------- */

enum { CHANNELS_TOGETHER = 8 };

static int64_t rounded_up(int64_t channels) { return cvs__ceil_div(channels, CHANNELS_TOGETHER) * CHANNELS_TOGETHER; }

bool cvs__check_alignment(const cvs__subject *subject, int axis) {
    bool in = cvs_dim_is_known(subject->channels) && subject->channels % CHANNELS_TOGETHER;
    return in || (cvs_dim_is_known(subject->filters) && subject->filters % CHANNELS_TOGETHER);
}

void cvs__describe_alignment(cvs__found *found) {
    const cvs_layer *layer = &found->subject->inference->layer;
    cvs_dim *channels = &found->input.dim[cvs__channel_position(layer->data_format, layer->spatial_rank)];
    bool known = cvs_dim_is_known(*channels) && cvs_dim_is_known(found->subject->filters);
    if (cvs_dim_is_known(*channels)) *channels = rounded_up(*channels);
    found->layer.in_channels = rounded_up(layer->in_channels);
    found->layer.filters = rounded_up(layer->filters);
    found->message = known ? RULES_CV052_MESSAGE : RULES_CV052_MESSAGE_OPEN;
    cvs__put(found, RULES_VALUE_CHANNELS, found->subject->channels);
    cvs__put(found, RULES_VALUE_FILTERS, layer->filters);
    cvs__put(found, RULES_VALUE_TO_CHANNELS, found->layer.in_channels);
    cvs__put(found, RULES_VALUE_TO, found->layer.filters);
    (void)cvs__repair_try(found, RULES_CV052_FIX);
}
