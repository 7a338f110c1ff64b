/* What is said where no settings give the wanted output. */
#include <convscope/explain.h>

#include <check.h>
#include <string.h>

Suite *unsolved_suite(void);

static const struct {
    cvs_no_way why;
    const char *english, *chinese;
} cases[] = {
    {{.reason = CVS_NO_WAY_SIZE, .spatial_rank = 1, .wanted = 27, .below = 26, .above = 28},
     "No settings that were tried make the length 27: the nearest they give are 26 and 28.",
     "试过的设置都不能使长度轴为 27：最接近的是 26 和 28。"},
    {{.reason = CVS_NO_WAY_SIZE, .spatial_rank = 2, .axis = 1, .wanted = 31, .below = 28},
     "No settings that were tried make the width 31: the largest they give is 28.",
     "试过的设置都不能使宽度轴为 31：最大只能到 28。"},
    {{.reason = CVS_NO_WAY_SIZE, .spatial_rank = 3, .axis = 0, .wanted = 2, .above = 6},
     "No settings that were tried make the depth 2: the smallest they give is 6.",
     "试过的设置都不能使深度轴为 2：最小也有 6。"},
    {{.reason = CVS_NO_WAY_CHANNELS, .spatial_rank = 2, .channels = 1, .wanted_channels = 9},
     "The output has 1 channel whatever is set for \"?\", and 9 are wanted.",
     "无论 \"?\" 取什么值，输出都有 1 个通道，而要求的是 9 个。"},
    {{.reason = CVS_NO_WAY_TOGETHER, .spatial_rank = 2},
     "Every axis can have its size, but no settings give all of them at once: what suits one axis does not suit "
     "another.",
     "每条轴单独都能达到要求的大小，但没有一组设置能同时做到：适合一条轴的设置不适合另一条。"},
    {{.reason = CVS_NO_WAY_LAYER, .spatial_rank = 2, .error = {.message = "5 is not 6."}},
     "Nothing that was tried is a layer for this input. The first refusal: 5 is not 6.",
     "试过的设置对这个输入都不成立。第一个被拒绝的原因：5 is not 6."},
};

START_TEST(every_obstacle_in_words) {
    cvs_text text = {0};
    cvs_explain_no_way(&cases[_i].why, CVS_ENGLISH, &text);
    ck_assert_str_eq(text.data, cases[_i].english);
    cvs_text_clear(&text);
    cvs_explain_no_way(&cases[_i].why, CVS_CHINESE, &text);
    ck_assert_str_eq(text.data, cases[_i].chinese);
    cvs_text_free(&text);
}
END_TEST

Suite *unsolved_suite(void) {
    Suite *suite = suite_create("unsolved");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, every_obstacle_in_words, 0, (int)(sizeof cases / sizeof *cases));
    suite_add_tcase(suite, core);
    return suite;
}
