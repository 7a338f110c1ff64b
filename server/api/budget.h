/*
 * budget.h - memory that many requests take together, counted before it is taken.
 *
 * A budget is what all of them may take; an account is what one of them has taken of it. Nothing waits: what is not
 * there now is refused, for a request that waits holds what others need.
 */
#ifndef CONVSCOPE_API_BUDGET_H
#define CONVSCOPE_API_BUDGET_H

#include <convscope/base.h>
#include <stdatomic.h>

/* Any thread may take from it. */
typedef struct api_budget {
    size_t total; /* bytes */
    struct api_budget
        *whole; /* NULL, or the budget that this is a part of: what is taken here is taken there as well */
    atomic_size_t used;
} api_budget;

/* What every account has for nothing: most requests never touch the budget. */
#define API_ACCOUNT_FREE ((size_t)32 * 1024)

/* One thread at a time. */
typedef struct api_account {
    cvs_allowance allowance; /* first: for arenas and texts */
    api_budget *budget;      /* NULL: anything is granted */
    size_t held;             /* bytes, those for nothing included */
    size_t refused;          /* bytes that were last asked for in vain, or 0 */
    size_t needed;           /* what would have been held with them */
} api_account;

api_account api_account_open(api_budget *budget);

/* False when there is not as much; NULL grants anything. */
bool api_account_take(api_account *account, size_t bytes) CVS_NODISCARD;

/* The same; the refusal is in `err`, as api_account_explain() has it. */
cvs_status api_account_ask(api_account *account, size_t bytes, cvs_error *err) CVS_NODISCARD;

void api_account_give(api_account *account, size_t bytes);

/* Give back all but `bytes`. */
void api_account_keep(api_account *account, size_t bytes);

/* Move what is held to `to`, which is set up for it. */
void api_account_move(api_account *account, api_account *to);

/* Whether the account was refused something; NULL never is. */
bool api_account_short(const api_account *account);

/*
 * The last refusal: CVS_TOO_LARGE with code "memory-too-large" when even the whole budget would not have done,
 * CVS_NO_MEMORY with "memory-full" when others have what is missing.
 */
cvs_status api_account_explain(const api_account *account, cvs_error *err);

#endif
