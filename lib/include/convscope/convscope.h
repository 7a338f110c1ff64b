/*
 * convscope.h - all of libconvscope.
 *
 *   base.h     status, errors, arenas, text
 *   layer.h    shapes, weights, cost, receptive field of a layer
 *   explain.h  a layer in words, in English and Chinese
 *   rules.h    findings on a layer
 *   inspect.h  one cell's window, weights somebody saw, the way back
 *   chain.h    layers one after the other
 *   dialect.h  Keras, PyTorch, ONNX <-> our layer
 *   engine.h   executes layers
 *   number.h   float32 <-> decimal text
 *   model.h    whole models
 *   review.h   findings on whole models
 */
#ifndef CONVSCOPE_CONVSCOPE_H
#define CONVSCOPE_CONVSCOPE_H

#include <convscope/base.h>
#include <convscope/chain.h>
#include <convscope/dialect.h>
#include <convscope/engine.h>
#include <convscope/explain.h>
#include <convscope/inspect.h>
#include <convscope/layer.h>
#include <convscope/model.h>
#include <convscope/number.h>
#include <convscope/review.h>
#include <convscope/rules.h>

#endif
