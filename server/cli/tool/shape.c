/* shape.c - convscope shape: POST /v1/shape for a layer on the command line, told to people. */
#include "api/json_writer.h"
#include "cli/tool/ask.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const format_words[] = {"text", "json", NULL};
enum { WIDTH = 100 };

/* ---- the request ---------------------------------------------------------------------- */

/* "128,128,3", with what stands before it: "null," of a batch axis that was left out. */
static void write_shape(json_writer *writer, const char *text, bool batched) {
    json_begin_array(writer);
    if (!batched) json_write_null(writer);
    while (*text) {
        const size_t length = strcspn(text, ",");
        char *end;
        errno = 0;
        const long long number = strtoll(text, &end, 10);
        if (length > 0 && end == text + length && errno != ERANGE)
            json_write_int(writer, number);
        else if (strncmp(text, "None", length) == 0 || strncmp(text, "null", length) == 0)
            json_write_null(writer);
        else
            json_write_text(writer, text, length);
        text += length + (text[length] == ',');
    }
    json_end_array(writer);
}

static void write_inputs(json_writer *writer, const tool_arguments *arguments, bool batched) {
    size_t count = 0;
    for (size_t i = 0; i < arguments->given_count; i++) count += strcmp(arguments->given[i].option->name, "input") == 0;
    if (count == 0) return;
    json_key(writer, count == 1 ? "input_shape" : "input_shapes");
    if (count > 1) json_begin_array(writer);
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].option->name, "input") == 0)
            write_shape(writer, arguments->given[i].value, batched);
    if (count > 1) json_end_array(writer);
}

/* The caller frees it; NULL: no memory. */
static char *write_request(const tool_arguments *arguments, bool batched, size_t *length) {
    static const char *const words[] = {"framework", "language"};
    json_writer writer = {0};
    json_begin_object(&writer);
    json_key(&writer, arguments->operand_count == 1 ? "layer" : "layers");
    if (arguments->operand_count > 1) json_begin_array(&writer);
    for (size_t i = 0; i < arguments->operand_count; i++) {
        const char *layer = arguments->operands[i];
        if (*layer == '{')
            json_write_raw(&writer, layer, strlen(layer));
        else
            json_write_string(&writer, layer);
    }
    if (arguments->operand_count > 1) json_end_array(&writer);
    write_inputs(&writer, arguments, batched);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (tool_has(arguments, words[i])) json_member_string(&writer, words[i], tool_value(arguments, words[i]));
    json_end_object(&writer);
    return json_writer_take(&writer, length);
}

/* ---- the answer ------------------------------------------------------------------------- */

/* "(None, 124, 124, 40)" */
static void print_shape(const json_t *shape) {
    const size_t rank = json_array_size(shape);
    putchar('(');
    for (size_t i = 0; i < rank; i++) {
        const json_t *size = json_array_get(shape, i);
        if (json_is_integer(size))
            printf("%lld", (long long)json_integer_value(size));
        else
            fputs(json_is_string(size) ? json_string_value(size) : "None", stdout);
        if (i + 1 < rank) fputs(", ", stdout);
    }
    fputs(rank == 1 ? ",)" : ")", stdout);
}

/* "input       (None, 128, 128, 3)  batch, height, width, channels" */
static void print_tensor(const char *title, const json_t *tensor) {
    const json_t *axes = json_object_get(tensor, "axes");
    const char *name = json_string_value(json_object_get(tensor, "name"));
    printf("%-12s", title);
    if (name) printf("%s ", name);
    print_shape(json_object_get(tensor, "shape"));
    fputs(" ", stdout);
    for (size_t i = 0; i < json_array_size(axes); i++)
        printf("%s %s", i ? "," : "", json_string_value(json_array_get(axes, i)));
    putchar('\n');
}

static void print_count(const char *title, const json_t *count) {
    if (json_is_integer(count))
        printf("%-12s%lld\n", title, (long long)json_integer_value(count));
    else
        printf("%-12snot known\n", title);
}

/* In lines of WIDTH bytes, broken at spaces. */
static void print_paragraph(const char *text) {
    putchar('\n');
    while (strlen(text) > WIDTH) {
        size_t length = WIDTH;
        while (length > 0 && text[length] != ' ') length--;
        if (length == 0) break;
        printf("%.*s\n", (int)length, text);
        text += length + 1;
    }
    puts(text);
}

static void print_finding(const json_t *finding, bool coloured) {
    static const struct {
        const char *level, *colour;
    } colours[] = {{"error", "\033[1;31m"}, {"warning", "\033[1;33m"}, {"note", "\033[1;36m"}};
    const char *level = json_string_value(json_object_get(finding, "level")), *on = "", *off = "";
    const char *fix = json_string_value(json_object_get(finding, "fix"));
    for (size_t i = 0; coloured && i < sizeof colours / sizeof *colours; i++) {
        if (strcmp(colours[i].level, level) != 0) continue;
        on = colours[i].colour;
        off = "\033[0m";
    }
    printf("\n%s%s%s %s: %s\n", on, level, off, json_string_value(json_object_get(finding, "rule")),
           json_string_value(json_object_get(finding, "message")));
    if (fix && *fix) printf("    %s\n", fix);
}

static void print_layer(const json_t *answer, const char *text, bool coloured) {
    size_t i;
    const json_t *one;
    printf("%-12s%s (%s)\n", "layer", text, json_string_value(json_object_get(answer, "framework")));
    print_tensor("input", json_object_get(answer, "input"));
    print_tensor("output", json_object_get(answer, "output"));
    json_array_foreach(json_object_get(answer, "weights"), i, one) print_tensor(i ? "" : "weights", one);
    print_count("parameters", json_object_get(answer, "parameters"));
    print_count("MACs", json_object_get(json_object_get(answer, "cost"), "macs"));
    json_array_foreach(json_object_get(json_object_get(answer, "explanation"), "paragraphs"), i, one)
        print_paragraph(json_string_value(one));
    json_array_foreach(json_object_get(answer, "findings"), i, one) print_finding(one, coloured);
}

static void print_answer(const tool_arguments *arguments, const api_response *response) {
    const bool coloured = tool_colours(arguments);
    json_t *answer = json_loadb(response->body, response->body_length, 0, NULL);
    const json_t *layers = json_object_get(answer, "layers");
    if (!layers) print_layer(answer, arguments->operands[0], coloured);
    for (size_t i = 0; i < json_array_size(layers); i++) {
        print_layer(json_array_get(layers, i), arguments->operands[i], coloured);
        putchar('\n');
    }
    if (layers) {
        print_tensor("all: output", json_object_get(answer, "output"));
        print_count("parameters", json_object_get(answer, "parameters"));
        print_count("MACs", json_object_get(json_object_get(answer, "cost"), "macs"));
    }
    json_decref(answer);
}

/* ---- the tool ------------------------------------------------------------------------------- */

/* Whether the API would have the shape with one axis more: the batch axis was left out. */
static bool wants_batch(const tool_question *question) {
    api_response response = {0};
    question->endpoint(question->context, &question->request, &response);
    const bool refused = response.status == 422 && response.body && strstr(response.body, "\"asymmetric-rank\"");
    api_response_free(&response);
    return refused;
}

static int ask(tool_question *question, const tool_arguments *arguments) {
    api_response response;
    const char *format = tool_value(arguments, "format");
    char *body = write_request(arguments, true, &question->request.body_length);
    question->request.body = body;
    if (body && wants_batch(question)) {
        free(body);
        body = write_request(arguments, false, &question->request.body_length);
        question->request.body = body;
    }
    const bool answered = body && tool_ask(question, &response) == TOOL_OK;
    free(body);
    if (!answered) return TOOL_UNREADABLE;
    if (format && strcmp(format, "json") == 0)
        puts(response.body);
    else
        print_answer(arguments, &response);
    api_response_free(&response);
    return tool_finish(arguments->tool, TOOL_OK);
}

static int run_shape(const tool_arguments *arguments) {
    api_context context;
    tool_context(&context);
    tool_question question = {.what = arguments->tool, .context = &context, .endpoint = api_shape};
    if (tool_has(arguments, "ndjson")) return tool_ask_lines(&question, arguments);
    if (arguments->operand_count == 0)
        return tool_misused(arguments->tool, "expected a layer, as in \"Conv2D(40, 5)\"");
    return ask(&question, arguments);
}

static const tool_option options[] = {
    {"input", 'i', "SHAPE", false, NULL,
     "shape of the input, as in 128,128,3 or, with its batch axis, None,128,128,3; H is a name for a size, H=224 a "
     "name "
     "and its size; once for each input of a merge"},
    {"format", 'f', "FORMAT", false, format_words, "text (default), or json as POST /v1/shape answers it"},
    {"framework", 0, "NAME", false, tool_framework_words, "whose layer it is, where that is not seen"},
    {"language", 'l', "LANGUAGE", false, tool_language_words, "of the explanation: en (default) or zh"},
    {"color", 0, "WHEN", false, tool_colour_words, "colours: auto (default) on a terminal, unless NO_COLOR is set"},
    {"ndjson", 0, NULL, false, NULL,
     "read requests of POST /v1/shape from a file or standard input, a line each, and print an answer a line"},
    {"fail-on", 0, "WHEN", false, tool_problem_words,
     "with --ndjson: error (default) for exit status 3 when an answer is a problem, or never: then only what "
     "cannot be read fails, for pipes that take a status other than 0 as a failure of all"},
    {NULL, 0, NULL, false, NULL, NULL},
};

const tool tool_shape = {
    .name = "shape",
    .operands = "LAYER...",
    .summary = "show what comes out of a layer, and why",
    .description = "Print the output shape of a layer, its weights, what it costs, and what is to be said about it. "
                   "LAYER is a line of Keras or PyTorch, a printed module, or JSON of Keras, ONNX or our own; several "
                   "are a chain.",
    .options = options,
    .examples = "  convscope shape \"Conv2D(40, 5)\" --input 128,128,3\n"
                "  convscope shape \"nn.Conv2d(3, 64, 7, stride=2, padding=3)\" --input 1,3,H,W\n",
    .statuses = "0, 2 wrong usage, 3 a layer that cannot be read, or that does not fit its input.",
    .run = run_shape,
};
