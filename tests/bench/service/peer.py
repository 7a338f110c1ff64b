"""peer.py - what a Python programmer would write instead: a convolution behind FastAPI, computed by PyTorch.

Channels first, flat data; the answer has the same numbers as POST /v1/convolve.
"""

import typing

import torch
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel


class Tensor(BaseModel):
    shape: typing.List[int]
    data: typing.List[float]

    def torch(self):
        return torch.tensor(self.data, dtype=torch.float32).reshape(self.shape)


class Request(BaseModel):
    input: Tensor
    weights: typing.List[Tensor]
    stride: int
    padding: int


app = FastAPI()


@app.post("/convolve")
def convolve(request: Request):
    kernel, bias = (weight.torch() for weight in request.weights)
    with torch.inference_mode():
        output = torch.nn.functional.conv2d(request.input.torch(), kernel, bias, request.stride, request.padding)
    # Not left to FastAPI's encoder, which walks every number once more: as its documentation advises for large answers.
    return JSONResponse({"output": {"shape": list(output.shape), "data": output.flatten().tolist()}})
