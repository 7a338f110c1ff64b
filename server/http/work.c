#include "http/work.h"

#include "http/clock.h"
#include "http/stream.h"

#include <stdio.h>

/* Without memory for it there is no response but this one. */
static void answer_short(http_work *work) {
    cvs_error err = {0};
    const int status = api_account_explain(&work->account, &err) == CVS_TOO_LARGE ? 413 : 503;
    api_response_free(&work->response);
    api_problem(&work->response, status, err.code, err.message);
}

/* The account goes on with what the response takes, and with what it will take to be read while it is sent. */
static void settle(http_work *work, size_t reserved) {
    const bool streams = http_stream_suits(&work->response);
    const size_t reading = streams ? HTTP_STREAM_MEMORY : 0, kept = reserved < reading ? reserved : reading;
    api_account_keep(&work->account, api_response_bytes(&work->response) + kept);
    if (!api_account_take(&work->account, reading - kept)) answer_short(work);
    http_body_free(work->body);
}

/* That there is room to send the answer is found out before it is computed. */
static bool run(http_job *job) {
    http_work *work = (http_work *)job;
    work->computed = true;
    work->waited_us = http_now_us() - work->queued_us;
    const bool room = api_account_take(&work->account, HTTP_STREAM_MEMORY);
    if (room)
        work->endpoint(work->api, &work->asked, &work->response);
    else
        answer_short(work);
    settle(work, room ? HTTP_STREAM_MEMORY : 0);
    return !work->response.cut_short;
}

static bool gone(http_job *job) { return http_peer_gone(((http_work *)job)->peer); }

static void answer_late(http_work *work) {
    char detail[160];
    snprintf(detail, sizeof detail,
             work->computed ? "It was not computed within %u seconds, the limit from request to answer (--deadline)."
                            : "No worker was free for %u seconds, the limit from request to answer (--deadline).",
             work->deadline);
    api_problem(&work->response, 504, "deadline-passed", detail);
}

static void ended(http_job *job, http_fate fate) {
    http_work *work = (http_work *)job;
    if (fate != HTTP_FATE_DONE && !work->computed) {
        work->waited_us = http_now_us() - work->queued_us;
        http_body_free(work->body);
    }
    if (fate != HTTP_FATE_DONE) api_response_free(&work->response);
    if (fate == HTTP_FATE_LATE) answer_late(work);
    if (fate == HTTP_FATE_STOPPED)
        api_problem(&work->response, 503, "stopping", "This server is stopping; ask another one.");
    work->gone = fate == HTTP_FATE_GONE;
    MHD_resume_connection(work->connection);
}

void http_work_do(http_work *work) {
    work->begun = true;
    work->asked.account = &work->account;
    work->endpoint(work->api, &work->asked, &work->response);
    settle(work, 0);
}

bool http_work_offer(http_work *work, http_pool *pool) {
    if (!http_pool_reserve(pool)) return false;
    work->begun = true;
    work->asked.account = &work->account;
    work->interrupt = (cvs_interrupt){http_job_is_cut, &work->job};
    work->asked.interrupt = &work->interrupt;
    work->job = (http_job){.run = run, .ended = ended, .gone = gone};
    if (work->deadline) work->job.late_ms = http_now_ms() + (int64_t)work->deadline * 1000;
    work->queued_us = http_now_us();
    MHD_suspend_connection(work->connection);
    http_pool_push(pool, &work->job);
    return true;
}
