/* rare.h - what is hardly ever called. */
#ifndef CONVSCOPE_BASE_RARE_H
#define CONVSCOPE_BASE_RARE_H

/* Put before a function to keep it out of those that call it: they run for every token and every node, and save fewer
   registers without it. */
#if defined(__GNUC__)
#define CVS__RARE __attribute__((noinline, cold))
#else
#define CVS__RARE
#endif

#endif
