/* scrape.h - GET /metrics: how the server is doing, for Prometheus. */
#ifndef CONVSCOPE_HTTP_SCRAPE_H
#define CONVSCOPE_HTTP_SCRAPE_H

#include "http/request.h"

/* Prometheus' text format, or OpenMetrics where Accept likes that better. */
void http_scrape(const http_shared *shared, const api_request *request, api_response *response);

#endif
