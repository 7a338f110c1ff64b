#include "api/budget.h"

/* ---- budgets ----------------------------------------------------------------- */

static void give_back(api_budget *budget, size_t bytes) {
    for (; budget; budget = budget->whole) atomic_fetch_sub(&budget->used, bytes);
}

/* From this one and all it is a part of, or from none. */
static bool take_from(api_budget *budget, size_t bytes) {
    if (!budget) return true;
    const size_t used = atomic_fetch_add(&budget->used, bytes);
    if (used <= budget->total && bytes <= budget->total - used && take_from(budget->whole, bytes)) return true;
    atomic_fetch_sub(&budget->used, bytes);
    return false;
}

/* ---- accounts ----------------------------------------------------------------- */

static bool take(cvs_allowance *allowance, size_t bytes) { return api_account_take((api_account *)allowance, bytes); }

api_account api_account_open(api_budget *budget) { return (api_account){.allowance = {take}, .budget = budget}; }

static size_t beyond_free(size_t bytes) { return bytes > API_ACCOUNT_FREE ? bytes - API_ACCOUNT_FREE : 0; }

bool api_account_take(api_account *account, size_t bytes) {
    if (!account || !account->budget) return true;
    const size_t held = bytes <= SIZE_MAX - account->held ? account->held + bytes : SIZE_MAX;
    const size_t more = beyond_free(held) - beyond_free(account->held);
    if (more > account->budget->total || (more > 0 && !take_from(account->budget, more))) {
        account->refused = bytes;
        account->needed = held;
        return false;
    }
    account->held = held;
    return true;
}

cvs_status api_account_ask(api_account *account, size_t bytes, cvs_error *err) {
    return api_account_take(account, bytes) ? CVS_OK : api_account_explain(account, err);
}

void api_account_keep(api_account *account, size_t bytes) {
    if (!account || bytes >= account->held) return;
    const size_t less = beyond_free(account->held) - beyond_free(bytes);
    if (less > 0) give_back(account->budget, less);
    account->held = bytes;
}

void api_account_give(api_account *account, size_t bytes) {
    if (account) api_account_keep(account, bytes < account->held ? account->held - bytes : 0);
}

void api_account_move(api_account *account, api_account *to) {
    *to = *account;
    account->held = 0;
}

bool api_account_short(const api_account *account) { return account && account->refused > 0; }

/* ---- refusals ------------------------------------------------------------------- */

cvs_status api_account_explain(const api_account *account, cvs_error *err) {
    const size_t total = account->budget->total, more = account->refused, needed = account->needed;
    if (beyond_free(needed) > total) {
        (void)cvs_fail(err, CVS_TOO_LARGE, "memory-too-large", "",
                       "This request takes %zu bytes of memory or more; there are %zu for all requests (--max-memory).",
                       needed, total);
        cvs_fail_value(err, "%zu", needed);
        cvs_fail_expected(err, "at most %zu", total);
        return CVS_TOO_LARGE;
    }
    return cvs_fail(err, CVS_NO_MEMORY, "memory-full", "",
                    "This request takes %zu bytes of memory more, and of the %zu that there are for all requests "
                    "(--max-memory) too many are taken; try again in a moment.",
                    more, total);
}
