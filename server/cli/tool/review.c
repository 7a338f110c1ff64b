/* review.c - convscope review: POST /v1/review for files, without a server. */
#include "cli/tool/model.h"
#include "cli/tool/progress.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const format_words[] = {"table", "json", "markdown", "csv", "sarif", NULL};
static const char *const format_types[] = {"text/plain", "application/json", "text/markdown", "text/csv",
                                           "application/sarif+json"};
enum { TABLE, JSON, MARKDOWN, CSV, SARIF };

static const char *const loss_words[] = {"unknown", "probabilities", "logits", NULL};

typedef struct review_run {
    const tool_arguments *arguments;
    api_context context;
    tool_parameters parameters;
    cvs_text baseline;
    int format;
    bool coloured;
    json_t *sarif; /* what came of the files so far, to be one report */
    bool misused;  /* an option is wrong, for every file */
    int status;
} review_run;

/* One place is left for the file's name. */
static bool take_options(review_run *run) {
    const bool fits = tool_take_parameters(run->arguments, &run->parameters) &&
                      (!run->baseline.data || tool_add_parameter(&run->parameters, "baseline", run->baseline.data));
    return fits && run->parameters.count < API_MOST_PARAMETERS;
}

/* ---- what is printed ---------------------------------------------------------------------- */

/* A line of the table, with the level of a finding in colour: "net.json:1:5: warning CV004 ..." */
static void print_line(const char *line, size_t length) {
    static const struct {
        const char *word, *colour;
    } levels[] = {{"error CV", "\033[1;31m"},
                  {"warning CV", "\033[1;33m"},
                  {"note CV", "\033[1;36m"},
                  {"impossible: ", "\033[1;31m"},
                  {"not known here: ", "\033[1;35m"}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const char *found = memmem(line, length, levels[i].word, strlen(levels[i].word));
        if (!found || (found > line && found[-1] != ' ')) continue;
        const size_t before = (size_t)(found - line), word = strcspn(found, " :");
        printf("%.*s%s%.*s\033[0m%.*s", (int)before, line, levels[i].colour, (int)word, found,
               (int)(length - before - word), found + word);
        return;
    }
    fwrite(line, 1, length, stdout);
}

static void print_coloured(const char *text, size_t length) {
    for (const char *end = text + length; text < end;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const size_t line = newline ? (size_t)(newline + 1 - text) : (size_t)(end - text);
        print_line(text, line);
        text += line;
    }
}

/* One report has the runs of all files. */
static void add_report(review_run *run, const api_response *answer) {
    json_t *report = json_loadb(answer->body, answer->body_length, 0, NULL);
    if (!run->sarif) {
        run->sarif = report;
        return;
    }
    json_array_extend(json_object_get(run->sarif, "runs"), json_object_get(report, "runs"));
    json_decref(report);
}

static void print_answer(review_run *run, const api_response *answer) {
    if (run->format == SARIF)
        add_report(run, answer);
    else if (run->coloured)
        print_coloured(answer->body, answer->body_length);
    else
        fwrite(answer->body, 1, answer->body_length, stdout);
    if (run->format == JSON) fputc('\n', stdout);
    if (run->format == TABLE && run->arguments->operand_count > 1) fputc('\n', stdout);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void worsen(review_run *run, int status) {
    if (status > run->status) run->status = status;
}

static void review_file(review_run *run, const char *name) {
    cvs_text body = {0};
    api_response answer;
    const bool named = strcmp(name, "-") != 0;
    const tool *what = run->arguments->tool;
    tool_question question = {.what = what,
                              .context = &run->context,
                              .endpoint = api_review,
                              .file = named ? name : "standard input",
                              .arguments = run->arguments};
    if (!tool_read_file(what, name, run->context.limits.body_bytes, &body)) {
        worsen(run, TOOL_UNREADABLE);
    } else {
        run->parameters.list[run->parameters.count] = (api_parameter){"file", name};
        question.request = (api_request){.body = body.data ? body.data : "",
                                         .body_length = body.length,
                                         .accept = format_types[run->format],
                                         .parameters = run->parameters.list,
                                         .parameter_count = run->parameters.count + named};
        const int asked = tool_ask(&question, &answer);
        if (asked == TOOL_OK) {
            print_answer(run, &answer);
            if (tool_fails(run->arguments, &answer)) worsen(run, TOOL_FINDINGS);
            api_response_free(&answer);
        }
        worsen(run, asked);
        run->misused = asked == TOOL_USAGE;
    }
    cvs_text_free(&body);
}

static void review_files(review_run *run) {
    static char standard_input[] = "-";
    const tool_arguments *arguments = run->arguments;
    tool_progress progress;
    tool_progress_begin(&progress, arguments->tool, "files", arguments->operand_count);
    if (arguments->operand_count == 0) review_file(run, standard_input);
    for (size_t i = 0; i < arguments->operand_count && !run->misused; i++) {
        review_file(run, arguments->operands[i]);
        tool_progress_step(&progress, i + 1);
    }
    tool_progress_end(&progress);
    if (!run->sarif) return;
    char *report = json_dumps(run->sarif, JSON_COMPACT);
    puts(report ? report : "");
    free(report);
    json_decref(run->sarif);
}

static int review(review_run *run) {
    const tool *what = run->arguments->tool;
    const char *baseline = tool_value(run->arguments, "baseline"), *format = tool_value(run->arguments, "format");
    run->format = format ? tool_word(format, format_words) : TABLE;
    run->coloured = run->format == TABLE && tool_colours(run->arguments);
    tool_context(&run->context);
    if (baseline && !tool_read_file(what, baseline, run->context.limits.body_bytes, &run->baseline))
        return TOOL_UNREADABLE;
    if (!take_options(run)) return tool_misused(what, "too many options");
    if (tool_has(run->arguments, "ndjson")) {
        const tool_question question = {.what = what, .context = &run->context, .endpoint = api_review};
        return tool_ask_lines(&question, run->arguments);
    }
    review_files(run);
    return tool_finish(what, run->status);
}

static int run_review(const tool_arguments *arguments) {
    review_run run = {.arguments = arguments};
    if (arguments->operand_count == 0 && isatty(STDIN_FILENO))
        return tool_misused(arguments->tool, "expected a model's file, or one on standard input");
    const int status = review(&run);
    cvs_text_free(&run.baseline);
    return status;
}

static const tool_option options[] = {
    {"input", 'i', "SHAPE", false, NULL,
     "shape of the input with its batch axis, as in 1,224,224,3; with several inputs x:1,224,224,3, once for each; "
     "None is a size that is not known, H a name for one, H=224 a name and its size"},
    {"format", 'f', "FORMAT", false, format_words,
     "how to print it: table (default), json, markdown for a comment, csv of the layers, sarif for code scanning"},
    {"fail-on", 0, "LEVEL", false, tool_level_words,
     "exit with status 1 when there is a finding of this level or above: error (default), warning, note, or never"},
    {"rules", 'r', "RULES", false, NULL,
     "CV004,CV017 are the only rules, +CV045 is one more than the usual, -CV028 one less, all are all; `convscope "
     "rules` lists them"},
    {"budget", 0, "LIMITS", false, NULL,
     "what the model may have, as in macs=3e8,parameters=5M,peak_bytes=20MiB, also activation_bytes and weights_bytes; "
     "receptive_field=N is what it must see at least"},
    {"thresholds", 0, "NUMBERS", false, NULL,
     "where rules draw their lines, as in dropout_rate=0.6, also bottleneck, dense_share, mac_share and memory_bytes"},
    {"loss", 0, "KIND", false, loss_words, "what the last layer is trained with: probabilities or logits"},
    {"baseline", 'b', "FILE", true, NULL,
     "what --format json printed earlier: findings that are in it are known and do not count"},
    {"framework", 0, "NAME", false, tool_framework_words, "whose model it is, where that is not seen"},
    {"language", 'l', "LANGUAGE", false, tool_language_words, "of the findings: en (default) or zh"},
    {"color", 0, "WHEN", false, tool_colour_words,
     "colours in the table: auto (default) on a terminal, unless NO_COLOR is set; always; never"},
    {"ndjson", 0, NULL, false, NULL,
     "read requests of POST /v1/review, a line each, and print an answer a line; of the other options only "
     "--fail-on never counts: an answer that is a problem is no failure then"},
    {NULL, 0, NULL, false, NULL, NULL},
};

const tool tool_review = {
    .name = "review",
    .operands = "[FILE...]",
    .summary = "judge whole models: every layer, the totals, and what is wrong",
    .description =
        "Read models and print every layer with its shapes, parameters, multiply-adds (MACs) and receptive field, the "
        "totals, and what the rules find in it. Nothing is run, and no weights are needed.\n\n"
        "FILE is what Keras writes (model.to_json(), .keras, .h5), TensorFlow.js's model.json, an ONNX file, the code "
        "of a "
        "Keras or PyTorch model, or what print(model) shows of one; - is standard input, and so is no file at all.",
    .options = options,
    .examples = "  convscope review model.json --input 1,224,224,3\n"
                "  convscope review net.py --input 1,3,224,224 --budget macs=3e8\n"
                "  convscope review model.json --format json >known.json\n"
                "  convscope review model.json --baseline known.json --fail-on warning\n"
                "  convscope review models/*.json --format sarif >convscope.sarif\n",
    .statuses = "0 nothing found, 1 findings as --fail-on says or a layer that cannot be, 2 wrong usage, 3 a file that "
                "cannot be read.",
    .run = run_review,
};
